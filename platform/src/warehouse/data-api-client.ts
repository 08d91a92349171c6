import { RedshiftDataClient, type RedshiftDataClientConfig } from '@aws-sdk/client-redshift-data'

/** Which Data API to speak to. */
export interface DataApiAddress {
  /** Absent: the AWS service of the region. `http:` is the local stand-in; AWS itself is only ever `https:`. */
  readonly endpoint?: string | undefined
  /** Default: AWS_REGION, or what the AWS configuration says. */
  readonly region?: string | undefined
}

/** What signs requests to the local stand-in, which checks no signature. Real credentials never go over plain HTTP. */
const LOCAL: RedshiftDataClientConfig = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
}

/**
 * The official client, configured so that a local endpoint needs no network: no look-up of credentials, region or
 * defaults on an instance metadata service. Throttling and broken connections are tried three times.
 */
export function dataApiClient({ endpoint, region }: DataApiAddress): RedshiftDataClient {
  return new RedshiftDataClient({
    ...(endpoint?.startsWith('http:') ? LOCAL : {}),
    ...(endpoint ? { endpoint } : {}),
    ...(region ? { region } : {}),
    defaultsMode: 'standard',
    maxAttempts: 3,
    // A response may wait up to 30 s for its statement (WaitTimeSeconds).
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 35_000 },
  })
}
