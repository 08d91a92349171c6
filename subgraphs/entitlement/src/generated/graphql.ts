// Made by `npm run generate` from contracts/graph/entitlement.graphql. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { AccessExplained } from '../audit/explain-access.ts';
import type { Considered } from '../audit/explain.ts';
import type { ReadTenant, ReadGrant, ResourceRef, ReadGrant as SightingRecord } from '../store/records.ts';
import type { LogEntry } from '../audit/access-log.ts';
import type { Connection } from '@fundmesh/platform/service/connection';
import type { Contract as ContractRecord, ContractLine as ContractLineRecord } from '../domain/contract.ts';
import type { ReceiptOfContract, ReceiptOfGrant, ReceiptOfRoles } from '../administration.ts';
import type { Portfolio as PortfolioRecord, Position as PositionRecord } from '../domain/portfolio.ts';
import type { Principal as PrincipalRecord } from '../domain/roles.ts';
import type { Context } from '../context.ts';
export type Maybe<T> = T | null | undefined;
export type InputMaybe<T> = T | null | undefined;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A decimal number as a string, canonical: no exponent, no plus sign, no trailing zeros, `-0` is `0`. At most 38 digits, at most 18 of them after the point. */
  Decimal: { input: string; output: string; }
  /** A calendar date, `YYYY-MM-DD`, without a time zone. */
  Date: { input: string; output: string; }
  /** An instant, RFC 3339 in UTC with milliseconds or microseconds: `2024-01-16T18:00:00.000Z`. */
  DateTime: { input: string; output: string; }
  /** An ISO 4217 currency code. */
  Currency: { input: string; output: string; }
  /** A Legal Entity Identifier (ISO 17442), its check digits verified (mod 97-10). */
  LEI: { input: string; output: string; }
  /** An ISO 3166-1 alpha-2 country code. */
  CountryCode: { input: string; output: string; }
  /** An opaque position in a connection: signed, and bound to the tenant, the query and `knownAt`. */
  Cursor: { input: string; output: string; }
};

/** How a page stands in its connection (Relay). */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** Whether another page follows. */
  hasNextPage: Scalars['Boolean']['output'];
  /** Whether this page has a predecessor. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first edge; null on an empty page. */
  startCursor?: Maybe<Scalars['Cursor']['output']>;
  /** The cursor of the last edge; null on an empty page. */
  endCursor?: Maybe<Scalars['Cursor']['output']>;
};

/** What can be asked. */
export type Query = {
  __typename?: 'Query';
  /** The tenant that the caller belongs to. */
  me: Tenant;
  /** The tenant of this id; null when there is none that the caller may see. */
  tenant?: Maybe<Tenant>;
  /** The tenants that the caller may see, by id: its own, or every one for an administrator or auditor. */
  tenants: Array<Tenant>;
  /** The portfolio of this id; null when there is none that the caller may see. */
  portfolio?: Maybe<Portfolio>;
  /** Under which grants a resource could be read at an instant, by tenant: those of the resource itself, of the fund that a share class belongs to today, and, for a fund's REFERENCE facts, of its share classes. Needs the scope `audit:read-all`. */
  whoCouldSee: Array<Sighting>;
  /** Who asked for what and got what, and what changed in who may: newest first. The scope `audit:read` reads its own tenant's entries; `audit:read-all`, and an administrator of entitlements, every tenant's. */
  accessLog: AccessLogConnection;
  /** How often which client used what is deprecated, by day: newest first, then by tenant, client and coordinate. */
  deprecatedFieldUsage: Array<DeprecatedFieldUse>;
  /** Why a tenant may, or may not, read something through a channel: each of its grants that could open it, with every condition. */
  explainAccess: AccessExplanation;
};


/** What can be asked. */
export type QueryTenantArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked. */
export type QueryPortfolioArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked. */
export type QueryWhoCouldSeeArgs = {
  resourceKind: ResourceKind;
  resourceId: Scalars['ID']['input'];
  validAt: Scalars['DateTime']['input'];
  knownAt?: InputMaybe<Scalars['DateTime']['input']>;
  channel?: InputMaybe<GrantChannel>;
  fieldSet?: InputMaybe<GrantFieldSet>;
};


/** What can be asked. */
export type QueryAccessLogArgs = {
  filter?: InputMaybe<AccessLogFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['Cursor']['input']>;
};


/** What can be asked. */
export type QueryDeprecatedFieldUsageArgs = {
  since?: InputMaybe<Scalars['Date']['input']>;
  tenantId?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be asked. */
export type QueryExplainAccessArgs = {
  input: ExplainAccessInput;
};

/** What can be changed. */
export type Mutation = {
  __typename?: 'Mutation';
  /** Registers a tenant. Needs the scope `entitlement:admin`. */
  registerTenant: Tenant;
  /** Grants a tenant the right to read a resource. Needs the scope `entitlement:admin`. */
  grant: GrantReceipt;
  /** Ends a grant now, for good. Revoking a revoked grant changes nothing and returns it. Needs the scope `entitlement:admin`. */
  revoke: GrantReceipt;
  /** Takes a grant out of force until it is resumed; its window goes on. Suspending a suspended grant changes nothing and returns it. Needs the scope `entitlement:admin`. */
  suspendGrant: GrantReceipt;
  /** Brings a suspended grant back to what its window says. Resuming one that is not suspended changes nothing and returns it. Needs the scope `entitlement:admin`. */
  resumeGrant: GrantReceipt;
  /** Records a contract that is in force with its lines, each of which becomes a grant, as one change. The same contract again changes nothing and returns it. Needs the scope `entitlement:admin`. */
  recordContract: ContractReceipt;
  /** Ends a contract now, for good, and every grant that comes from it, as one change. Terminating a terminated contract changes nothing and returns it. Needs the scope `entitlement:admin`. */
  terminateContract: ContractReceipt;
  /** Says which roles a subject of a tenant has from now on, in place of those it had; none takes all away. Needs the scope `entitlement:admin`. */
  assignRoles: RolesReceipt;
};


/** What can be changed. */
export type MutationRegisterTenantArgs = {
  input: RegisterTenantInput;
};


/** What can be changed. */
export type MutationGrantArgs = {
  input: GrantInput;
};


/** What can be changed. */
export type MutationRevokeArgs = {
  grantId: Scalars['ID']['input'];
  reason: Scalars['String']['input'];
};


/** What can be changed. */
export type MutationSuspendGrantArgs = {
  grantId: Scalars['ID']['input'];
  reason: Scalars['String']['input'];
};


/** What can be changed. */
export type MutationResumeGrantArgs = {
  grantId: Scalars['ID']['input'];
  reason: Scalars['String']['input'];
};


/** What can be changed. */
export type MutationRecordContractArgs = {
  input: ContractInput;
};


/** What can be changed. */
export type MutationTerminateContractArgs = {
  contractId: Scalars['ID']['input'];
  reason: Scalars['String']['input'];
};


/** What can be changed. */
export type MutationAssignRolesArgs = {
  tenantId: Scalars['ID']['input'];
  subject: Scalars['String']['input'];
  roles: Array<Scalars['String']['input']>;
};

/** A new tenant. */
export type RegisterTenantInput = {
  /** Identifier: 2 to 63 lower-case letters, digits and hyphens, starting with a letter. */
  id: Scalars['ID']['input'];
  /** Name of the client. */
  name: Scalars['String']['input'];
  /** Legal Entity Identifier of the client, where it has one. */
  lei?: InputMaybe<Scalars['LEI']['input']>;
};

/** A new grant. */
export type GrantInput = {
  /** The tenant that receives the right. */
  tenantId: Scalars['ID']['input'];
  /** What kind of thing may be read. */
  resourceKind: ResourceKind;
  /** Id of the thing that may be read, `<source>:<code>`; the thing need not be known yet. */
  resourceId: Scalars['ID']['input'];
  /** The contract that the grant comes from; it must be the tenant's own. */
  contractId?: InputMaybe<Scalars['ID']['input']>;
  /** From when the right holds; default: now. */
  validFrom?: InputMaybe<Scalars['DateTime']['input']>;
  /** Until when the right holds, exclusive; default: no end. */
  validTo?: InputMaybe<Scalars['DateTime']['input']>;
  /** The channels through which the data may leave; default: every channel. */
  channels?: InputMaybe<Array<GrantChannel>>;
  /** What may be read; default: everything. REFERENCE is in each. */
  fieldSets?: InputMaybe<Array<GrantFieldSet>>;
  /** From where it may be read, as the reader's token says; default: from anywhere. */
  regions?: InputMaybe<Array<Scalars['CountryCode']['input']>>;
  /** A value dated later than today (UTC) minus so many days is not opened; facts have no date. Default: 0, no embargo. */
  embargoDays?: InputMaybe<Scalars['Int']['input']>;
  /** Up to 200 visible ASCII characters. The same order again with the same key changes nothing and returns the grant; default: each order makes a grant. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** A contract that comes into force. */
export type ContractInput = {
  /** Identifier of the contract. */
  id: Scalars['ID']['input'];
  /** The tenant it is made with. */
  tenantId: Scalars['ID']['input'];
  /** First day of the contract (UTC). */
  startDate: Scalars['Date']['input'];
  /** Last day of the contract (UTC); default: no end. */
  endDate?: InputMaybe<Scalars['Date']['input']>;
  /** What it gives a right to: 1 to 2,000 lines. */
  lines: Array<ContractLineInput>;
};

/** What a contract gives a right to. */
export type ContractLineInput = {
  /** What kind of thing may be read. */
  resourceKind: ResourceKind;
  /** Id of the thing that may be read, `<source>:<code>`; the thing need not be known yet. */
  resourceId: Scalars['ID']['input'];
  /** The channels through which the data may leave; default: every channel. */
  channels?: InputMaybe<Array<GrantChannel>>;
  /** What may be read; default: everything. REFERENCE is in each. */
  fieldSets?: InputMaybe<Array<GrantFieldSet>>;
  /** From where it may be read, as the reader's token says; default: from anywhere. */
  regions?: InputMaybe<Array<Scalars['CountryCode']['input']>>;
  /** A value dated later than today (UTC) minus so many days is not opened; facts have no date. Default: 0, no embargo. */
  embargoDays?: InputMaybe<Scalars['Int']['input']>;
  /** From when the line holds; default: with the contract. */
  validFrom?: InputMaybe<Scalars['DateTime']['input']>;
  /** Until when the line holds, exclusive; default: with the contract. */
  validTo?: InputMaybe<Scalars['DateTime']['input']>;
};

/** Which truth about grants is asked for. */
export type GrantsAsOfInput = {
  /** When the grants were in force. */
  validAt: Scalars['DateTime']['input'];
  /** The instant whose knowledge answers; default: the operation's own. What may be read is never decided by it. */
  knownAt?: InputMaybe<Scalars['DateTime']['input']>;
};

/** How data leaves. */
export type GrantChannel =
  /** In the answer to a query. */
  | 'GRAPHQL'
  /** In the events of a subscription. */
  | 'STREAM'
  /** As records of the event log. */
  | 'KAFKA';

/** What about a fund or share class is read. */
export type GrantFieldSet =
  /** The facts of the thing: names, currencies, dates. */
  | 'REFERENCE'
  /** Net asset values. */
  | 'NAV'
  /** What is computed of performance. */
  | 'PERFORMANCE'
  /** What is computed of risk. */
  | 'RISK';

/** What a change of entitlement did. The change is stored; where it is in force already, `confirmations` says. */
export type GrantReceipt = {
  __typename?: 'GrantReceipt';
  /** The grant as it stands after the change. */
  grant: Grant;
  /** The tenant's entitlement epoch after the change: it grows with each change of the tenant's grants. */
  epoch: Scalars['Int']['output'];
  /** What each target said, asked for up to 5 seconds. A target that has not confirmed by then gets the change as soon as it answers; the same change again tells how far it is. */
  confirmations: Array<GrantConfirmation>;
  /** Names this change: a question that carries it in the header `x-fundmesh-consistency` is answered by what knows of the change. */
  consistencyToken: Scalars['String']['output'];
};

/** What a change of a contract did, as `GrantReceipt` says of a grant. */
export type ContractReceipt = {
  __typename?: 'ContractReceipt';
  /** The contract as it stands after the change. */
  contract: Contract;
  /** The tenant's entitlement epoch after the change: it grows with each change of the tenant's grants. */
  epoch: Scalars['Int']['output'];
  /** What each target said, asked for up to 5 seconds. A target that has not confirmed by then gets the change as soon as it answers; the same change again tells how far it is. */
  confirmations: Array<GrantConfirmation>;
  /** Names this change: a question that carries it in the header `x-fundmesh-consistency` is answered by what knows of the change. */
  consistencyToken: Scalars['String']['output'];
};

/** What a change of somebody's roles did, as `GrantReceipt` says of a grant. */
export type RolesReceipt = {
  __typename?: 'RolesReceipt';
  /** The tenant whose principal it is. */
  tenant: Tenant;
  /** The subject of the principal's tokens. */
  subject: Scalars['String']['output'];
  /** The roles it has now. */
  roles: Array<Scalars['String']['output']>;
  /** The tenant's entitlement epoch after the change: it grows with each change of the tenant's grants. */
  epoch: Scalars['Int']['output'];
  /** What each target said, asked for up to 5 seconds. A target that has not confirmed by then gets the change as soon as it answers; the same change again tells how far it is. */
  confirmations: Array<GrantConfirmation>;
  /** Names this change: a question that carries it in the header `x-fundmesh-consistency` is answered by what knows of the change. */
  consistencyToken: Scalars['String']['output'];
};

/** Whether a target has a change of grants. */
export type GrantConfirmation = {
  __typename?: 'GrantConfirmation';
  /** The target. */
  target: GrantTarget;
  /** When the target confirmed that it has the change; null while it has not: the change is on its way, and not yet in force there. */
  confirmedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** Who acts on grants. */
export type GrantTarget =
  /** The row policies of the warehouse: which rows queries find. */
  | 'WAREHOUSE'
  /** The event log, from which the replicas of the grants follow, in the gateway and in every subgraph: what is asked for, what is shown, what streams send. */
  | 'EVENT_LOG'
  /** The access control lists of Kafka, and what is forwarded to each tenant's own topic; only where Kafka is the event log. */
  | 'KAFKA_ACCESS';

/** A client of the asset manager; the unit of isolation. */
export type Tenant = {
  __typename?: 'Tenant';
  /** Identifier of the tenant. */
  id: Scalars['ID']['output'];
  /** Name of the client. */
  name: Scalars['String']['output'];
  /** Legal Entity Identifier; null where none was given. */
  lei?: Maybe<Scalars['LEI']['output']>;
  /** Contracts with this tenant, oldest first. */
  contracts: Array<Contract>;
  /** Grants of this tenant, oldest first: in any state, or those that were in force as of an instant. */
  grants: Array<Grant>;
  /** Subjects of this tenant that have roles, by subject. */
  principals: Array<Principal>;
  /** Names the newest change of this tenant's entitlements, as a receipt's does. */
  consistencyToken: Scalars['String']['output'];
  /** Portfolios of this tenant, by id. */
  portfolios: Array<Portfolio>;
};


/** A client of the asset manager; the unit of isolation. */
export type TenantGrantsArgs = {
  asOf?: InputMaybe<GrantsAsOfInput>;
};

/** Somebody who has roles within a tenant. */
export type Principal = {
  __typename?: 'Principal';
  /** The subject of the principal's tokens. */
  subject: Scalars['String']['output'];
  /** Its roles, in the order of their names. */
  roles: Array<Scalars['String']['output']>;
};

/** A grant under which a resource could be read. */
export type Sighting = {
  __typename?: 'Sighting';
  /** The tenant that could. */
  tenant: Tenant;
  /** The grant under which it could, as it stands now. */
  grant: Grant;
  /** The line of the contract that it comes from; null where it was granted without one. */
  line?: Maybe<ContractLine>;
};

/** An agreement under which data is granted. */
export type Contract = {
  __typename?: 'Contract';
  /** Identifier of the contract. */
  id: Scalars['ID']['output'];
  /** The tenant it was made with. */
  tenant: Tenant;
  /** State of the contract. */
  status: ContractStatus;
  /** First day of the contract. */
  startDate: Scalars['Date']['output'];
  /** Last day of the contract; null where it has no end. */
  endDate?: Maybe<Scalars['Date']['output']>;
  /** When it was ended before its time; null while it was not. */
  terminatedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Why; null while it was not. */
  terminationReason?: Maybe<Scalars['String']['output']>;
  /** What it gives a right to, in the contract's order. */
  lines: Array<ContractLine>;
  /** The grants that come from this contract, oldest first. */
  grants: Array<Grant>;
};

/** What a contract gives a right to. */
export type ContractLine = {
  __typename?: 'ContractLine';
  /** Its place among the lines of the contract, from 1. */
  number: Scalars['Int']['output'];
  /** What may be read. */
  resource: GrantResource;
  /** The channels through which the data may leave; null: every channel. */
  channels?: Maybe<Array<GrantChannel>>;
  /** What may be read of it; null: everything. REFERENCE is in each. */
  fieldSets?: Maybe<Array<GrantFieldSet>>;
  /** From where it may be read; null: from anywhere. */
  regions?: Maybe<Array<Scalars['CountryCode']['output']>>;
  /** A value dated later than today (UTC) minus so many days is not opened; 0: no embargo. */
  embargoDays: Scalars['Int']['output'];
  /** From when the line holds; null: with the contract. */
  validFrom?: Maybe<Scalars['DateTime']['output']>;
  /** Until when the line holds, exclusive; null: with the contract. */
  validTo?: Maybe<Scalars['DateTime']['output']>;
};

/** The state of a contract. */
export type ContractStatus =
  /** Agreed and not yet in force. */
  | 'DRAFT'
  /** In force. */
  | 'ACTIVATED'
  /** Ended before its time. */
  | 'TERMINATED';

/** The right of a tenant to read a resource during a window of time. */
export type Grant = {
  __typename?: 'Grant';
  /** Identifier of the grant. */
  id: Scalars['ID']['output'];
  /** The tenant that holds the right. */
  tenant: Tenant;
  /** What may be read. */
  resource: GrantResource;
  /** From when the right holds; never before its contract. */
  validFrom: Scalars['DateTime']['output'];
  /** Until when the right holds, exclusive; null where it has no end. Never beyond its contract. */
  validTo?: Maybe<Scalars['DateTime']['output']>;
  /** The channels through which the data may leave; null: every channel. */
  channels?: Maybe<Array<GrantChannel>>;
  /** What may be read; null: everything. REFERENCE is in each. */
  fieldSets?: Maybe<Array<GrantFieldSet>>;
  /** From where it may be read, as the reader's token says; null: from anywhere. */
  regions?: Maybe<Array<Scalars['CountryCode']['output']>>;
  /** A value dated later than today (UTC) minus so many days is not opened; facts have no date. 0: no embargo. */
  embargoDays: Scalars['Int']['output'];
  /** State of the grant at the time of asking. */
  state: GrantState;
  /** Why it was revoked; null while it is not. */
  revocationReason?: Maybe<Scalars['String']['output']>;
  /** Why it is suspended; null while it is not. */
  suspensionReason?: Maybe<Scalars['String']['output']>;
  /** The contract it comes from; null where it was granted without one. */
  contract?: Maybe<Contract>;
  /** The line of the contract that it comes from; null where it was granted beside the lines, or without a contract. */
  line?: Maybe<ContractLine>;
};

/** The state of a grant. */
export type GrantState =
  /** Its window has not begun. */
  | 'PENDING'
  /** In force. */
  | 'ACTIVE'
  /** Taken out of force until it is resumed. */
  | 'SUSPENDED'
  /** Its window is over. */
  | 'EXPIRED'
  /** Ended by a revocation. */
  | 'REVOKED';

/** What kind of thing a grant opens. */
export type ResourceKind =
  /** A fund with all its share classes. */
  | 'FUND'
  /** One share class, and its fund's own facts. */
  | 'SHARE_CLASS';

/** A thing that a grant opens. */
export type GrantResource = {
  __typename?: 'GrantResource';
  /** What kind of thing it is. */
  kind: ResourceKind;
  /** Id of the thing. */
  id: Scalars['ID']['output'];
  /** The fund, where the resource is one that the caller may see. */
  fund?: Maybe<Fund>;
  /** The share class, where the resource is one that the caller may see. */
  shareClass?: Maybe<ShareClass>;
};

/** A tenant's own holdings of share classes. */
export type Portfolio = {
  __typename?: 'Portfolio';
  /** Identifier of the portfolio. */
  id: Scalars['ID']['output'];
  /** The tenant it belongs to. */
  tenant: Tenant;
  /** Name of the portfolio. */
  name: Scalars['String']['output'];
  /** Currency in which the portfolio is reported. */
  baseCurrency: Scalars['Currency']['output'];
  /** What the portfolio holds, by share class id. */
  positions: Array<Position>;
};

/** A number of shares of one share class. */
export type Position = {
  __typename?: 'Position';
  /** Id of the share class held. */
  shareClassId: Scalars['ID']['output'];
  /** The share class held; null where the caller may not see it. */
  shareClass?: Maybe<ShareClass>;
  /** Number of shares held. */
  units: Scalars['Decimal']['output'];
};

/** A legal fund (openfunds OFST010110; FundsXML Fund). */
export type Fund = {
  __typename?: 'Fund';
  /** Stable identifier: the source's namespace and its own code, `tsp:c-fund`. */
  id: Scalars['ID']['output'];
};

/** A class of shares of a fund; the net asset value belongs to it (FundsXML ShareClass). */
export type ShareClass = {
  __typename?: 'ShareClass';
  /** Stable identifier: the source's namespace and its own code, `tsp:c-fund`. */
  id: Scalars['ID']['output'];
};

/** Which entries of the access log are meant; what is not given does not limit. */
export type AccessLogFilter = {
  /** Entries of this tenant. */
  tenantId?: InputMaybe<Scalars['ID']['input']>;
  /** Entries of this subject. */
  subject?: InputMaybe<Scalars['String']['input']>;
  /** Entries by which data of this share class was delivered, or its grants changed. */
  shareClassId?: InputMaybe<Scalars['ID']['input']>;
  /** Entries by which data of this fund was delivered, or its grants changed. */
  fundId?: InputMaybe<Scalars['ID']['input']>;
  /** Entries of what happened then or later. */
  from?: InputMaybe<Scalars['DateTime']['input']>;
  /** Entries of what happened before then. */
  to?: InputMaybe<Scalars['DateTime']['input']>;
  /** Entries with this decision. */
  decision?: InputMaybe<AccessDecision>;
  /** Entries of this kind. */
  kind?: InputMaybe<AccessLogKind>;
};

/** What was decided. */
export type AccessDecision =
  /** All that was asked. */
  | 'ALLOWED'
  /** Some fields were taken out, and the rest was answered. */
  | 'PARTLY_DENIED'
  /** Nothing was answered. */
  | 'REJECTED';

/** What an entry of the access log is about. */
export type AccessLogKind =
  /** A query or mutation was answered. */
  | 'ANSWER'
  /** A request was refused as a whole. */
  | 'REFUSAL'
  /** A stream began. */
  | 'STREAM_OPENED'
  /** Events were sent on a stream. */
  | 'STREAM_DELIVERED'
  /** A stream ended. */
  | 'STREAM_ENDED'
  /** Requests came that nobody could be named for. */
  | 'UNAUTHENTICATED'
  /** The ledger of entitlements changed. */
  | 'ENTITLEMENT_CHANGED';

/** A part of the access log. */
export type AccessLogConnection = {
  __typename?: 'AccessLogConnection';
  /** The entries of this page with their cursors. */
  edges: Array<AccessLogEdge>;
  /** The entries of this page. */
  nodes: Array<AccessLogEntry>;
  /** How the page stands in the connection. */
  pageInfo: PageInfo;
};

/** An entry of the access log and its position. */
export type AccessLogEdge = {
  __typename?: 'AccessLogEdge';
  /** The position of the entry. */
  cursor: Scalars['Cursor']['output'];
  /** The entry. */
  node: AccessLogEntry;
};

/** One entry of a tenant's audit chain. */
export type AccessLogEntry = {
  __typename?: 'AccessLogEntry';
  /** The tenant, and the entry's place in its chain: `alder/17`. */
  id: Scalars['ID']['output'];
  /** The tenant whose chain it is; `~anonymous` for callers without one. */
  tenantId: Scalars['ID']['output'];
  /** Place in the chain: from 1, without a gap. */
  position: Scalars['Int']['output'];
  /** SHA-256 that covers the entry and, by the hash before it, every earlier one. */
  hash: Scalars['String']['output'];
  /** When it was put into the chain. */
  recordedAt: Scalars['DateTime']['output'];
  /** When it happened. */
  at: Scalars['DateTime']['output'];
  /** What it is about. */
  kind: AccessLogKind;
  /** The request or stream, which several entries may be about; null for a change of entitlements. */
  request?: Maybe<Scalars['ID']['output']>;
  /** Who asked, or who changed it; empty where nobody in particular. */
  subject: Scalars['String']['output'];
  /** The OAuth client that got the token; null for a change of entitlements. */
  client?: Maybe<Scalars['String']['output']>;
  /** How the answer left; null for a change of entitlements. */
  channel?: Maybe<Scalars['String']['output']>;
  /** What was decided. */
  decision: AccessDecision;
  /** The codes of the errors that the client got. */
  codes: Array<Scalars['String']['output']>;
  /** The fields that were taken out: `coordinate at path`. */
  denied: Array<Scalars['String']['output']>;
  /** The policies that the caller's rights held. */
  policies: Array<Scalars['String']['output']>;
  /** The schema coordinates that had a value in what was sent. */
  delivered: Array<Scalars['String']['output']>;
  /** The share classes whose data was sent; of a change, the share class that the grant opens. */
  shareClassIds: Array<Scalars['ID']['output']>;
  /** The funds whose data was sent; of a change, the fund that the grant opens. */
  fundIds: Array<Scalars['ID']['output']>;
  /** The tenant's entitlement epoch at the decision; null where rights were not asked for. */
  grantsVersion?: Maybe<Scalars['Int']['output']>;
  /** Tells the rights behind the decision: equal fingerprints, equal rights. */
  rightsFingerprint?: Maybe<Scalars['String']['output']>;
  /** SHA-256 of the document and the operation's name; null where there was no document. */
  operationHash?: Maybe<Scalars['String']['output']>;
  /** Name of the operation, where it has one. */
  operationName?: Maybe<Scalars['String']['output']>;
  /** The instant whose knowledge answered the operation. */
  knownAt?: Maybe<Scalars['DateTime']['output']>;
  /** What the entry stands for: 1 answer, or so many events of a stream, or so many unauthenticated requests; 0 where it goes on from another entry of its request. */
  count: Scalars['Int']['output'];
  /** Of a change of entitlements, the row before and after, as JSON. */
  change?: Maybe<Scalars['String']['output']>;
  /** The grants under which it was delivered: the tenant's, in force at that epoch and instant, that open one of the entry's resources or its fund. */
  grants: Array<Grant>;
};

/** How often a client of a tenant used something deprecated on a day. */
export type DeprecatedFieldUse = {
  __typename?: 'DeprecatedFieldUse';
  /** The tenant. */
  tenantId: Scalars['ID']['output'];
  /** The OAuth client. */
  client: Scalars['String']['output'];
  /** The deprecated field, argument or enum value: `Fund.house`. */
  coordinate: Scalars['String']['output'];
  /** The day, UTC. */
  day: Scalars['Date']['output'];
  /** Operations that used it; a stream counts once. */
  count: Scalars['Int']['output'];
};

/** A question about a right. */
export type ExplainAccessInput = {
  /** The tenant whose right is meant. */
  tenantId: Scalars['ID']['input'];
  /** Somebody of the tenant, where the roles matter. */
  subject?: InputMaybe<Scalars['String']['input']>;
  /** What kind of thing is read. */
  resourceKind: ResourceKind;
  /** Id of the thing that is read. */
  resourceId: Scalars['ID']['input'];
  /** How the answer leaves. */
  channel?: GrantChannel;
  /** What about it is read. */
  fieldSet?: GrantFieldSet;
  /** The day that the value is for, where an embargo matters. */
  valueDate?: InputMaybe<Scalars['Date']['input']>;
  /** Where the caller is; default: not told. */
  region?: InputMaybe<Scalars['CountryCode']['input']>;
  /** The instant of reading, for who could see what on a past day; default: now. Only what the ledger knew then counts. */
  at?: InputMaybe<Scalars['DateTime']['input']>;
};

/** Why a tenant may, or may not, read something. */
export type AccessExplanation = {
  __typename?: 'AccessExplanation';
  /** Whether it may. */
  allowed: Scalars['Boolean']['output'];
  /** In one sentence. */
  because: Scalars['String']['output'];
  /** The grant that decides: one that allows it, or of those that do not, one that fails least; null where no grant names the thing or its fund. */
  grant?: Maybe<Grant>;
  /** The contract that the deciding grant comes from. */
  contractId?: Maybe<Scalars['ID']['output']>;
  /** The line of that contract. */
  contractLine?: Maybe<Scalars['Int']['output']>;
  /** The fund that the share class belongs to, as the ledger's service knows it. */
  fundId?: Maybe<Scalars['ID']['output']>;
  /** The tenant's entitlement epoch that was looked at. */
  grantsVersion: Scalars['Int']['output'];
  /** Every grant that names the thing or its fund, and what each condition says; the deciding one first. */
  considered: Array<ConsideredGrant>;
  /** What Cedar says to the caller's class now; none for a past instant, for which policies are not kept. */
  policies: Array<DecidedPolicy>;
};

/** A grant that could open the thing. */
export type ConsideredGrant = {
  __typename?: 'ConsideredGrant';
  /** The grant. */
  grant: Grant;
  /** Whether all its conditions hold. */
  opens: Scalars['Boolean']['output'];
  /** Its conditions. */
  conditions: Array<AccessCondition>;
};

/** A condition of a grant. */
export type AccessCondition = {
  __typename?: 'AccessCondition';
  /** What it is about: `window`, `embargo`. */
  name: Scalars['String']['output'];
  /** Whether it holds. */
  holds: Scalars['Boolean']['output'];
  /** What was expected and what was found. */
  detail: Scalars['String']['output'];
};

/** What Cedar said to an action. */
export type DecidedPolicy = {
  __typename?: 'DecidedPolicy';
  /** The action that the policy opens: `read-nav`. */
  action: Scalars['String']['output'];
  /** Whether it is allowed to the caller's class. */
  allowed: Scalars['Boolean']['output'];
  /** The ids of the policies that decided; empty: none allows it. */
  policies: Array<Scalars['String']['output']>;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Tenant: Tenant;
  Contract: Contract;
  Grant: Grant;
  Portfolio: Portfolio;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Tenant:
    ( { __typename: 'Tenant' }
    & GraphQLRecursivePick<FederationTypes['Tenant'], {"id":true}> );
  Contract:
    ( { __typename: 'Contract' }
    & GraphQLRecursivePick<FederationTypes['Contract'], {"id":true}> );
  Grant:
    ( { __typename: 'Grant' }
    & GraphQLRecursivePick<FederationTypes['Grant'], {"id":true}> );
  Portfolio:
    ( { __typename: 'Portfolio' }
    & GraphQLRecursivePick<FederationTypes['Portfolio'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Decimal: ResolverTypeWrapper<Scalars['Decimal']['output']>;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Currency: ResolverTypeWrapper<Scalars['Currency']['output']>;
  LEI: ResolverTypeWrapper<Scalars['LEI']['output']>;
  CountryCode: ResolverTypeWrapper<Scalars['CountryCode']['output']>;
  Cursor: ResolverTypeWrapper<Scalars['Cursor']['output']>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RegisterTenantInput: RegisterTenantInput;
  GrantInput: GrantInput;
  ContractInput: ContractInput;
  ContractLineInput: ContractLineInput;
  GrantsAsOfInput: GrantsAsOfInput;
  GrantChannel: GrantChannel;
  GrantFieldSet: GrantFieldSet;
  GrantReceipt: ResolverTypeWrapper<ReceiptOfGrant>;
  ContractReceipt: ResolverTypeWrapper<ReceiptOfContract>;
  RolesReceipt: ResolverTypeWrapper<ReceiptOfRoles>;
  GrantConfirmation: ResolverTypeWrapper<GrantConfirmation>;
  GrantTarget: GrantTarget;
  Tenant: ResolverTypeWrapper<ReadTenant>;
  Principal: ResolverTypeWrapper<PrincipalRecord>;
  Sighting: ResolverTypeWrapper<SightingRecord>;
  Contract: ResolverTypeWrapper<ContractRecord>;
  ContractLine: ResolverTypeWrapper<ContractLineRecord>;
  ContractStatus: ContractStatus;
  Grant: ResolverTypeWrapper<ReadGrant>;
  GrantState: GrantState;
  ResourceKind: ResourceKind;
  GrantResource: ResolverTypeWrapper<ResourceRef>;
  Portfolio: ResolverTypeWrapper<PortfolioRecord>;
  Position: ResolverTypeWrapper<PositionRecord>;
  Fund: ResolverTypeWrapper<Fund>;
  ShareClass: ResolverTypeWrapper<ShareClass>;
  AccessLogFilter: AccessLogFilter;
  AccessDecision: AccessDecision;
  AccessLogKind: AccessLogKind;
  AccessLogConnection: ResolverTypeWrapper<Connection<LogEntry>>;
  AccessLogEdge: ResolverTypeWrapper<Omit<AccessLogEdge, 'node'> & { node: ResolversTypes['AccessLogEntry'] }>;
  AccessLogEntry: ResolverTypeWrapper<LogEntry>;
  DeprecatedFieldUse: ResolverTypeWrapper<DeprecatedFieldUse>;
  ExplainAccessInput: ExplainAccessInput;
  AccessExplanation: ResolverTypeWrapper<AccessExplained>;
  ConsideredGrant: ResolverTypeWrapper<Considered>;
  AccessCondition: ResolverTypeWrapper<AccessCondition>;
  DecidedPolicy: ResolverTypeWrapper<DecidedPolicy>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Decimal: Scalars['Decimal']['output'];
  Date: Scalars['Date']['output'];
  DateTime: Scalars['DateTime']['output'];
  Currency: Scalars['Currency']['output'];
  LEI: Scalars['LEI']['output'];
  CountryCode: Scalars['CountryCode']['output'];
  Cursor: Scalars['Cursor']['output'];
  PageInfo: PageInfo;
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  Mutation: Record<PropertyKey, never>;
  RegisterTenantInput: RegisterTenantInput;
  GrantInput: GrantInput;
  ContractInput: ContractInput;
  ContractLineInput: ContractLineInput;
  GrantsAsOfInput: GrantsAsOfInput;
  GrantReceipt: ReceiptOfGrant;
  ContractReceipt: ReceiptOfContract;
  RolesReceipt: ReceiptOfRoles;
  GrantConfirmation: GrantConfirmation;
  Tenant: ReadTenant;
  Principal: PrincipalRecord;
  Sighting: SightingRecord;
  Contract: ContractRecord;
  ContractLine: ContractLineRecord;
  Grant: ReadGrant;
  GrantResource: ResourceRef;
  Portfolio: PortfolioRecord;
  Position: PositionRecord;
  Fund: Fund;
  ShareClass: ShareClass;
  AccessLogFilter: AccessLogFilter;
  AccessLogConnection: Connection<LogEntry>;
  AccessLogEdge: Omit<AccessLogEdge, 'node'> & { node: ResolversParentTypes['AccessLogEntry'] };
  AccessLogEntry: LogEntry;
  DeprecatedFieldUse: DeprecatedFieldUse;
  ExplainAccessInput: ExplainAccessInput;
  AccessExplanation: AccessExplained;
  ConsideredGrant: Considered;
  AccessCondition: AccessCondition;
  DecidedPolicy: DecidedPolicy;
  String: Scalars['String']['output'];
  Boolean: Scalars['Boolean']['output'];
};

export type PublicDirectiveArgs = {
  reason: Scalars['String']['input'];
};

export type PublicDirectiveResolver<Result, Parent, ContextType = Context, Args = PublicDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type ShareableDirectiveArgs = { };

export type ShareableDirectiveResolver<Result, Parent, ContextType = Context, Args = ShareableDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type PolicyDirectiveArgs = {
  policies: Array<Array<Scalars['String']['input']>>;
};

export type PolicyDirectiveResolver<Result, Parent, ContextType = Context, Args = PolicyDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type RequiresScopesDirectiveArgs = {
  scopes: Array<Array<Scalars['String']['input']>>;
};

export type RequiresScopesDirectiveResolver<Result, Parent, ContextType = Context, Args = RequiresScopesDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export interface DecimalScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Decimal'], any> {
  name: 'Decimal';
}

export interface DateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Date'], any> {
  name: 'Date';
}

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface CurrencyScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Currency'], any> {
  name: 'Currency';
}

export interface LeiScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['LEI'], any> {
  name: 'LEI';
}

export interface CountryCodeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['CountryCode'], any> {
  name: 'CountryCode';
}

export interface CursorScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Cursor'], any> {
  name: 'Cursor';
}

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['Cursor']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['Cursor']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  me?: Resolver<ResolversTypes['Tenant'], ParentType, ContextType>;
  tenant?: Resolver<Maybe<ResolversTypes['Tenant']>, ParentType, ContextType, RequireFields<QueryTenantArgs, 'id'>>;
  tenants?: Resolver<Array<ResolversTypes['Tenant']>, ParentType, ContextType>;
  portfolio?: Resolver<Maybe<ResolversTypes['Portfolio']>, ParentType, ContextType, RequireFields<QueryPortfolioArgs, 'id'>>;
  whoCouldSee?: Resolver<Array<ResolversTypes['Sighting']>, ParentType, ContextType, RequireFields<QueryWhoCouldSeeArgs, 'resourceKind' | 'resourceId' | 'validAt'>>;
  accessLog?: Resolver<ResolversTypes['AccessLogConnection'], ParentType, ContextType, RequireFields<QueryAccessLogArgs, 'first'>>;
  deprecatedFieldUsage?: Resolver<Array<ResolversTypes['DeprecatedFieldUse']>, ParentType, ContextType, Partial<QueryDeprecatedFieldUsageArgs>>;
  explainAccess?: Resolver<ResolversTypes['AccessExplanation'], ParentType, ContextType, RequireFields<QueryExplainAccessArgs, 'input'>>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  registerTenant?: Resolver<ResolversTypes['Tenant'], ParentType, ContextType, RequireFields<MutationRegisterTenantArgs, 'input'>>;
  grant?: Resolver<ResolversTypes['GrantReceipt'], ParentType, ContextType, RequireFields<MutationGrantArgs, 'input'>>;
  revoke?: Resolver<ResolversTypes['GrantReceipt'], ParentType, ContextType, RequireFields<MutationRevokeArgs, 'grantId' | 'reason'>>;
  suspendGrant?: Resolver<ResolversTypes['GrantReceipt'], ParentType, ContextType, RequireFields<MutationSuspendGrantArgs, 'grantId' | 'reason'>>;
  resumeGrant?: Resolver<ResolversTypes['GrantReceipt'], ParentType, ContextType, RequireFields<MutationResumeGrantArgs, 'grantId' | 'reason'>>;
  recordContract?: Resolver<ResolversTypes['ContractReceipt'], ParentType, ContextType, RequireFields<MutationRecordContractArgs, 'input'>>;
  terminateContract?: Resolver<ResolversTypes['ContractReceipt'], ParentType, ContextType, RequireFields<MutationTerminateContractArgs, 'contractId' | 'reason'>>;
  assignRoles?: Resolver<ResolversTypes['RolesReceipt'], ParentType, ContextType, RequireFields<MutationAssignRolesArgs, 'tenantId' | 'subject' | 'roles'>>;
};

export type GrantReceiptResolvers<ContextType = Context, ParentType extends ResolversParentTypes['GrantReceipt'] = ResolversParentTypes['GrantReceipt']> = {
  grant?: Resolver<ResolversTypes['Grant'], ParentType, ContextType>;
  epoch?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  confirmations?: Resolver<Array<ResolversTypes['GrantConfirmation']>, ParentType, ContextType>;
  consistencyToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ContractReceiptResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ContractReceipt'] = ResolversParentTypes['ContractReceipt']> = {
  contract?: Resolver<ResolversTypes['Contract'], ParentType, ContextType>;
  epoch?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  confirmations?: Resolver<Array<ResolversTypes['GrantConfirmation']>, ParentType, ContextType>;
  consistencyToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RolesReceiptResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RolesReceipt'] = ResolversParentTypes['RolesReceipt']> = {
  tenant?: Resolver<ResolversTypes['Tenant'], ParentType, ContextType>;
  subject?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  roles?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  epoch?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  confirmations?: Resolver<Array<ResolversTypes['GrantConfirmation']>, ParentType, ContextType>;
  consistencyToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type GrantConfirmationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['GrantConfirmation'] = ResolversParentTypes['GrantConfirmation']> = {
  target?: Resolver<ResolversTypes['GrantTarget'], ParentType, ContextType>;
  confirmedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type TenantResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Tenant'] = ResolversParentTypes['Tenant'], FederationReferenceType extends FederationReferenceTypes['Tenant'] = FederationReferenceTypes['Tenant']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Tenant']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  lei?: Resolver<Maybe<ResolversTypes['LEI']>, ParentType, ContextType>;
  contracts?: Resolver<Array<ResolversTypes['Contract']>, ParentType, ContextType>;
  grants?: Resolver<Array<ResolversTypes['Grant']>, ParentType, ContextType, Partial<TenantGrantsArgs>>;
  principals?: Resolver<Array<ResolversTypes['Principal']>, ParentType, ContextType>;
  consistencyToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  portfolios?: Resolver<Array<ResolversTypes['Portfolio']>, ParentType, ContextType>;
};

export type PrincipalResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Principal'] = ResolversParentTypes['Principal']> = {
  subject?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  roles?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
};

export type SightingResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Sighting'] = ResolversParentTypes['Sighting']> = {
  tenant?: Resolver<ResolversTypes['Tenant'], ParentType, ContextType>;
  grant?: Resolver<ResolversTypes['Grant'], ParentType, ContextType>;
  line?: Resolver<Maybe<ResolversTypes['ContractLine']>, ParentType, ContextType>;
};

export type ContractResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Contract'] = ResolversParentTypes['Contract'], FederationReferenceType extends FederationReferenceTypes['Contract'] = FederationReferenceTypes['Contract']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Contract']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  tenant?: Resolver<ResolversTypes['Tenant'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ContractStatus'], ParentType, ContextType>;
  startDate?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  endDate?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  terminatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  terminationReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lines?: Resolver<Array<ResolversTypes['ContractLine']>, ParentType, ContextType>;
  grants?: Resolver<Array<ResolversTypes['Grant']>, ParentType, ContextType>;
};

export type ContractLineResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ContractLine'] = ResolversParentTypes['ContractLine']> = {
  number?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  resource?: Resolver<ResolversTypes['GrantResource'], ParentType, ContextType>;
  channels?: Resolver<Maybe<Array<ResolversTypes['GrantChannel']>>, ParentType, ContextType>;
  fieldSets?: Resolver<Maybe<Array<ResolversTypes['GrantFieldSet']>>, ParentType, ContextType>;
  regions?: Resolver<Maybe<Array<ResolversTypes['CountryCode']>>, ParentType, ContextType>;
  embargoDays?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  validFrom?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  validTo?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type GrantResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Grant'] = ResolversParentTypes['Grant'], FederationReferenceType extends FederationReferenceTypes['Grant'] = FederationReferenceTypes['Grant']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Grant']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  tenant?: Resolver<ResolversTypes['Tenant'], ParentType, ContextType>;
  resource?: Resolver<ResolversTypes['GrantResource'], ParentType, ContextType>;
  validFrom?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  validTo?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  channels?: Resolver<Maybe<Array<ResolversTypes['GrantChannel']>>, ParentType, ContextType>;
  fieldSets?: Resolver<Maybe<Array<ResolversTypes['GrantFieldSet']>>, ParentType, ContextType>;
  regions?: Resolver<Maybe<Array<ResolversTypes['CountryCode']>>, ParentType, ContextType>;
  embargoDays?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['GrantState'], ParentType, ContextType>;
  revocationReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  suspensionReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  contract?: Resolver<Maybe<ResolversTypes['Contract']>, ParentType, ContextType>;
  line?: Resolver<Maybe<ResolversTypes['ContractLine']>, ParentType, ContextType>;
};

export type GrantResourceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['GrantResource'] = ResolversParentTypes['GrantResource']> = {
  kind?: Resolver<ResolversTypes['ResourceKind'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  fund?: Resolver<Maybe<ResolversTypes['Fund']>, ParentType, ContextType>;
  shareClass?: Resolver<Maybe<ResolversTypes['ShareClass']>, ParentType, ContextType>;
};

export type PortfolioResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Portfolio'] = ResolversParentTypes['Portfolio'], FederationReferenceType extends FederationReferenceTypes['Portfolio'] = FederationReferenceTypes['Portfolio']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Portfolio']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  tenant?: Resolver<ResolversTypes['Tenant'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  baseCurrency?: Resolver<ResolversTypes['Currency'], ParentType, ContextType>;
  positions?: Resolver<Array<ResolversTypes['Position']>, ParentType, ContextType>;
};

export type PositionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Position'] = ResolversParentTypes['Position']> = {
  shareClassId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  shareClass?: Resolver<Maybe<ResolversTypes['ShareClass']>, ParentType, ContextType>;
  units?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
};

export type FundResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Fund'] = ResolversParentTypes['Fund']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type ShareClassResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShareClass'] = ResolversParentTypes['ShareClass']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type AccessLogConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AccessLogConnection'] = ResolversParentTypes['AccessLogConnection']> = {
  edges?: Resolver<Array<ResolversTypes['AccessLogEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['AccessLogEntry']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type AccessLogEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AccessLogEdge'] = ResolversParentTypes['AccessLogEdge']> = {
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['AccessLogEntry'], ParentType, ContextType>;
};

export type AccessLogEntryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AccessLogEntry'] = ResolversParentTypes['AccessLogEntry']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  tenantId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  position?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  hash?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  recordedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['AccessLogKind'], ParentType, ContextType>;
  request?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  subject?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  client?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  channel?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  decision?: Resolver<ResolversTypes['AccessDecision'], ParentType, ContextType>;
  codes?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  denied?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  policies?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  delivered?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  shareClassIds?: Resolver<Array<ResolversTypes['ID']>, ParentType, ContextType>;
  fundIds?: Resolver<Array<ResolversTypes['ID']>, ParentType, ContextType>;
  grantsVersion?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  rightsFingerprint?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  operationHash?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  operationName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  knownAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  change?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  grants?: Resolver<Array<ResolversTypes['Grant']>, ParentType, ContextType>;
};

export type DeprecatedFieldUseResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeprecatedFieldUse'] = ResolversParentTypes['DeprecatedFieldUse']> = {
  tenantId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  client?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  coordinate?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  day?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type AccessExplanationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AccessExplanation'] = ResolversParentTypes['AccessExplanation']> = {
  allowed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  because?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  grant?: Resolver<Maybe<ResolversTypes['Grant']>, ParentType, ContextType>;
  contractId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  contractLine?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  fundId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  grantsVersion?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  considered?: Resolver<Array<ResolversTypes['ConsideredGrant']>, ParentType, ContextType>;
  policies?: Resolver<Array<ResolversTypes['DecidedPolicy']>, ParentType, ContextType>;
};

export type ConsideredGrantResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ConsideredGrant'] = ResolversParentTypes['ConsideredGrant']> = {
  grant?: Resolver<ResolversTypes['Grant'], ParentType, ContextType>;
  opens?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  conditions?: Resolver<Array<ResolversTypes['AccessCondition']>, ParentType, ContextType>;
};

export type AccessConditionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AccessCondition'] = ResolversParentTypes['AccessCondition']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  holds?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  detail?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DecidedPolicyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DecidedPolicy'] = ResolversParentTypes['DecidedPolicy']> = {
  action?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  allowed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  policies?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  Decimal?: GraphQLScalarType;
  Date?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  Currency?: GraphQLScalarType;
  LEI?: GraphQLScalarType;
  CountryCode?: GraphQLScalarType;
  Cursor?: GraphQLScalarType;
  PageInfo?: PageInfoResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  GrantReceipt?: GrantReceiptResolvers<ContextType>;
  ContractReceipt?: ContractReceiptResolvers<ContextType>;
  RolesReceipt?: RolesReceiptResolvers<ContextType>;
  GrantConfirmation?: GrantConfirmationResolvers<ContextType>;
  Tenant?: TenantResolvers<ContextType>;
  Principal?: PrincipalResolvers<ContextType>;
  Sighting?: SightingResolvers<ContextType>;
  Contract?: ContractResolvers<ContextType>;
  ContractLine?: ContractLineResolvers<ContextType>;
  Grant?: GrantResolvers<ContextType>;
  GrantResource?: GrantResourceResolvers<ContextType>;
  Portfolio?: PortfolioResolvers<ContextType>;
  Position?: PositionResolvers<ContextType>;
  Fund?: FundResolvers<ContextType>;
  ShareClass?: ShareClassResolvers<ContextType>;
  AccessLogConnection?: AccessLogConnectionResolvers<ContextType>;
  AccessLogEdge?: AccessLogEdgeResolvers<ContextType>;
  AccessLogEntry?: AccessLogEntryResolvers<ContextType>;
  DeprecatedFieldUse?: DeprecatedFieldUseResolvers<ContextType>;
  AccessExplanation?: AccessExplanationResolvers<ContextType>;
  ConsideredGrant?: ConsideredGrantResolvers<ContextType>;
  AccessCondition?: AccessConditionResolvers<ContextType>;
  DecidedPolicy?: DecidedPolicyResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  public?: PublicDirectiveResolver<any, any, ContextType>;
  shareable?: ShareableDirectiveResolver<any, any, ContextType>;
  policy?: PolicyDirectiveResolver<any, any, ContextType>;
  requiresScopes?: RequiresScopesDirectiveResolver<any, any, ContextType>;
};

