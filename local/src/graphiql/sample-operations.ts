/** What the page shows a developer who opens it for the first time: one question to each road of the gateway. */

export const SAMPLE_QUERY = `# Ctrl-Enter runs. The authorization header below carries a fresh demo token of this tenant.
query Funds {
  funds(first: 20) {
    nodes {
      id
      legalFundName
      category
      primaryShareClass {
        nav {
          navDate
          navPrice
          priceCurrency
        }
        returns(periods: [YTD, Y1, Y5]) {
          period
          cumulative
          annualized
          reasonIncomplete
        }
        risk {
          volatility
          maximumDrawdown {
            depth
            peakDate
            troughDate
          }
        }
      }
    }
  }
}
`

export const SAMPLE_SUBSCRIPTION = `# A snapshot of each share class, then its updates, until you stop it.
subscription LiveNavs {
  navUpdates {
    __typename
    ... on NavTick {
      sequence
      navDate
      navPrice
      priceCurrency
      shareClass {
        name
      }
    }
  }
}
`
