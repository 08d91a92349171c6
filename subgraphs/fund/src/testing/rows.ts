/** Rows as the warehouse gives them: decimals and dates are text. */
import type { WarehouseRow } from '@fundmesh/platform/warehouse/warehouse'

export const fundRow = (code: string): WarehouseRow => ({
  fund_id: `tsp:${code}`,
  legal_fund_name: `Fund ${code}`,
  fund_house: 'Thrift Savings Plan',
  category: 'Core',
  domicile: 'US',
  base_currency: 'USD',
  inception_date: '2003-06-02',
})

export const shareClassRow = (code: string, isin: string | null = null): WarehouseRow => ({
  share_class_id: `tsp:${code}`,
  fund_id: `tsp:${code}`,
  isin,
  name: `Fund ${code}`,
  currency: 'USD',
  launch_date: '2003-06-02',
})

export const navRow = (shareClassId: string, navDate: string, changes: WarehouseRow = {}): WarehouseRow => ({
  share_class_id: shareClassId,
  nav_date: navDate,
  nav_price: '26.6620000000',
  currency: 'USD',
  version: 1,
  recorded_at: '2024-01-16T01:02:03.456000Z',
  source: 'tsp',
  file_name: 'fund-price-history.csv',
  file_sha256: 'a'.repeat(64),
  line: 42,
  ...changes,
})
