// Made by `npm run generate` from contracts/graph/fund.graphql. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { FundRow } from '../store/funds.ts';
import type { Connection } from '@fundmesh/platform/service/connection';
import type { ShareClassRow } from '../store/share-classes.ts';
import type { NavRow } from '../store/navs.ts';
import type { NavEvent } from '../events.ts';
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
  /** An ISO 3166-1 alpha-2 country code. */
  CountryCode: { input: string; output: string; }
  /** An International Securities Identification Number (ISO 6166), its check digit verified. */
  ISIN: { input: string; output: string; }
  /** An opaque position in a connection: signed, and bound to the tenant, the query and `knownAt`. */
  Cursor: { input: string; output: string; }
};

/**
 * Which truth is asked for, on two axes. `validAt` is the day the answer is about (default: today); `knownAt` is the
 * instant at which we knew it (default: the operation's own `knownAt`, returned in `extensions.knownAt`).
 * A past `knownAt` never revives an expired right.
 */
export type AsOfInput = {
  /** The day the answer is about, inclusive. */
  validAt?: InputMaybe<Scalars['Date']['input']>;
  /** The instant at which it was known. */
  knownAt?: InputMaybe<Scalars['DateTime']['input']>;
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
  /** The fund of this id; null when there is none that the caller may see. */
  fund?: Maybe<Fund>;
  /** The funds that the caller may see, by id. `first` is at most 1,000. */
  funds: FundConnection;
  /** The share class of this id; null when there is none that the caller may see. */
  shareClass?: Maybe<ShareClass>;
  /** The share class of this ISIN; null when there is none that the caller may see. */
  shareClassByIsin?: Maybe<ShareClass>;
  /** The share classes that the caller may see, by id; `ids` narrows them. `first` is at most 1,000. */
  shareClasses: ShareClassConnection;
};


/** What can be asked. */
export type QueryFundArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked. */
export type QueryFundsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['Cursor']['input']>;
};


/** What can be asked. */
export type QueryShareClassArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked. */
export type QueryShareClassByIsinArgs = {
  isin: Scalars['ISIN']['input'];
};


/** What can be asked. */
export type QueryShareClassesArgs = {
  ids?: InputMaybe<Array<Scalars['ID']['input']>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['Cursor']['input']>;
};

/** What can be followed as it happens. */
export type Subscription = {
  __typename?: 'Subscription';
  /**
   * Net asset values as they arrive: for each share class first a NavSnapshot, then NavUpdates whose `sequence` grows by
   * one. Without `shareClassIds`: every share class that the caller may see. Ends with the error ENTITLEMENT_REVOKED when
   * the caller loses a right that the stream was using.
   */
  navUpdates: NavStreamEvent;
};


/** What can be followed as it happens. */
export type SubscriptionNavUpdatesArgs = {
  shareClassIds?: InputMaybe<Array<Scalars['ID']['input']>>;
};

/** A legal fund (openfunds OFST010110; FundsXML Fund). */
export type Fund = {
  __typename?: 'Fund';
  /** Stable identifier: the source's namespace and its own code, `tsp:c-fund`. */
  id: Scalars['ID']['output'];
  /** Legal fund name, without the umbrella (openfunds OFST010110). */
  legalFundName: Scalars['String']['output'];
  /** The house that manages the fund, as the source names it. */
  fundHouse: Scalars['String']['output'];
  /** The source's own category of the fund. */
  category: Scalars['String']['output'];
  /** Country of domicile. */
  domicile: Scalars['CountryCode']['output'];
  /** Currency in which the fund keeps its books. */
  baseCurrency: Scalars['Currency']['output'];
  /** Date of the first published NAV of any of its share classes. */
  inceptionDate: Scalars['Date']['output'];
  /** The share classes that the caller may see, by id. `first` is at most 1,000. */
  shareClasses: ShareClassConnection;
  /** The share class that stands for the fund where a fund is named alone; null where the caller may not see it. */
  primaryShareClass?: Maybe<ShareClass>;
};


/** A legal fund (openfunds OFST010110; FundsXML Fund). */
export type FundShareClassesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['Cursor']['input']>;
};

/** A class of shares of a fund; the net asset value belongs to it (FundsXML ShareClass). */
export type ShareClass = {
  __typename?: 'ShareClass';
  /** Stable identifier: the source's namespace and its own code, `tsp:c-fund`. */
  id: Scalars['ID']['output'];
  /** ISIN; null where the share class has none (the funds of the Thrift Savings Plan have none). */
  isin?: Maybe<Scalars['ISIN']['output']>;
  /** Name of the share class, as the source prints it. */
  name: Scalars['String']['output'];
  /** Currency of the NAV (openfunds OFST020540). */
  currency: Scalars['Currency']['output'];
  /** Date of the first published NAV. */
  launchDate: Scalars['Date']['output'];
  /** The fund it belongs to. */
  fund: Fund;
  /** The NAV that was valid on `asOf.validAt`: the last on or before that day; null where there was none yet. */
  nav?: Maybe<NavPoint>;
  /** Published NAVs with `from` <= navDate <= `to` (both optional), oldest first. `first` is at most 1,000. */
  navHistory: NavConnection;
};


/** A class of shares of a fund; the net asset value belongs to it (FundsXML ShareClass). */
export type ShareClassNavArgs = {
  asOf?: InputMaybe<AsOfInput>;
};


/** A class of shares of a fund; the net asset value belongs to it (FundsXML ShareClass). */
export type ShareClassNavHistoryArgs = {
  from?: InputMaybe<Scalars['Date']['input']>;
  to?: InputMaybe<Scalars['Date']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['Cursor']['input']>;
  asOf?: InputMaybe<AsOfInput>;
};

/** One published net asset value per share. */
export type NavPoint = {
  __typename?: 'NavPoint';
  /** The day the value is for (FundsXML NavDate). */
  navDate: Scalars['Date']['output'];
  /** Net asset value per share, in `priceCurrency` (FundsXML NavPrice). */
  navPrice: Scalars['Decimal']['output'];
  /** Currency of `navPrice`. */
  priceCurrency: Scalars['Currency']['output'];
  /** Whether the price is official or indicative (FundsXML PriceNature). */
  priceNature: PriceNature;
  /** PUBLISHED for a first version, RESTATED for a later one. */
  status: NavStatus;
  /** 1 for the first value published for this day, one more for each restatement. */
  version: Scalars['Int']['output'];
  /** When this version became known to us. */
  recordedAt: Scalars['DateTime']['output'];
  /** Where the value came from. */
  provenance: Provenance;
};

/** How binding a price is. */
export type PriceNature =
  /** Struck by the fund's administrator and published. */
  | 'OFFICIAL'
  /** An estimate during the day, not for dealing. */
  | 'INDICATIVE';

/** The state of a published NAV. */
export type NavStatus =
  /** The first value published for its day. */
  | 'PUBLISHED'
  /** A correction of an earlier value for the same day. */
  | 'RESTATED';

/** The origin of a value, down to the line of the file it was received in. */
export type Provenance = {
  __typename?: 'Provenance';
  /** The source, as named to the ingest command: `tsp`, `amfi`. */
  source: Scalars['String']['output'];
  /** Name of the file as it was received. */
  fileName: Scalars['String']['output'];
  /** SHA-256 of the file's bytes, in hexadecimal. */
  fileSha256: Scalars['String']['output'];
  /** Line of the file, counted from 1. */
  line: Scalars['Int']['output'];
};

/** A page of funds. */
export type FundConnection = {
  __typename?: 'FundConnection';
  /** The funds of this page with their cursors. */
  edges: Array<FundEdge>;
  /** The funds of this page. */
  nodes: Array<Fund>;
  /** Where this page stands. */
  pageInfo: PageInfo;
};

/** A fund and its position. */
export type FundEdge = {
  __typename?: 'FundEdge';
  /** Position of the fund; an `after` argument continues behind it. */
  cursor: Scalars['Cursor']['output'];
  /** The fund. */
  node: Fund;
};

/** A page of share classes. */
export type ShareClassConnection = {
  __typename?: 'ShareClassConnection';
  /** The share classes of this page with their cursors. */
  edges: Array<ShareClassEdge>;
  /** The share classes of this page. */
  nodes: Array<ShareClass>;
  /** Where this page stands. */
  pageInfo: PageInfo;
};

/** A share class and its position. */
export type ShareClassEdge = {
  __typename?: 'ShareClassEdge';
  /** Position of the share class; an `after` argument continues behind it. */
  cursor: Scalars['Cursor']['output'];
  /** The share class. */
  node: ShareClass;
};

/** A page of net asset values. */
export type NavConnection = {
  __typename?: 'NavConnection';
  /** The values of this page with their cursors. */
  edges: Array<NavEdge>;
  /** The values of this page. */
  nodes: Array<NavPoint>;
  /** Where this page stands. */
  pageInfo: PageInfo;
};

/** A net asset value and its position. */
export type NavEdge = {
  __typename?: 'NavEdge';
  /** Position of the value; an `after` argument continues behind it. */
  cursor: Scalars['Cursor']['output'];
  /** The value. */
  node: NavPoint;
};

/** What a NAV stream delivers: a snapshot of each share class first, updates after it. */
export type NavStreamEvent = NavSnapshot | NavUpdate;

/** The fields that snapshot and update share. */
export type NavTick = {
  /** Id of the share class. */
  shareClassId: Scalars['ID']['output'];
  /** The share class itself; null where the caller can see it no longer. */
  shareClass?: Maybe<ShareClass>;
  /** Place of the event among all events of its share class: gap-free, from 1. */
  sequence: Scalars['Int']['output'];
  /** The day the value is for; in a replay of history, the replayed day. */
  navDate: Scalars['Date']['output'];
  /** Net asset value per share, in `priceCurrency`. */
  navPrice: Scalars['Decimal']['output'];
  /** Currency of `navPrice`. */
  priceCurrency: Scalars['Currency']['output'];
  /** Whether the price is official or indicative. */
  priceNature: PriceNature;
  /** When the value became known to us. */
  recordedAt: Scalars['DateTime']['output'];
};

/** The newest value at the moment of subscribing. */
export type NavSnapshot = NavTick & {
  __typename?: 'NavSnapshot';
  /** Id of the share class. */
  shareClassId: Scalars['ID']['output'];
  /** The share class itself; null where the caller can see it no longer. */
  shareClass?: Maybe<ShareClass>;
  /** Place of the event among all events of its share class: gap-free, from 1. */
  sequence: Scalars['Int']['output'];
  /** The day the value is for; in a replay of history, the replayed day. */
  navDate: Scalars['Date']['output'];
  /** Net asset value per share, in `priceCurrency`. */
  navPrice: Scalars['Decimal']['output'];
  /** Currency of `navPrice`. */
  priceCurrency: Scalars['Currency']['output'];
  /** Whether the price is official or indicative. */
  priceNature: PriceNature;
  /** When the value became known to us. */
  recordedAt: Scalars['DateTime']['output'];
};

/** A value that arrived after the snapshot. */
export type NavUpdate = NavTick & {
  __typename?: 'NavUpdate';
  /** Id of the share class. */
  shareClassId: Scalars['ID']['output'];
  /** The share class itself; null where the caller can see it no longer. */
  shareClass?: Maybe<ShareClass>;
  /** Place of the event among all events of its share class: gap-free, from 1. */
  sequence: Scalars['Int']['output'];
  /** The day the value is for; in a replay of history, the replayed day. */
  navDate: Scalars['Date']['output'];
  /** Net asset value per share, in `priceCurrency`. */
  navPrice: Scalars['Decimal']['output'];
  /** Currency of `navPrice`. */
  priceCurrency: Scalars['Currency']['output'];
  /** Whether the price is official or indicative. */
  priceNature: PriceNature;
  /** When the value became known to us. */
  recordedAt: Scalars['DateTime']['output'];
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
  Fund: Fund;
  ShareClass: ShareClass;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Fund:
    ( { __typename: 'Fund' }
    & GraphQLRecursivePick<FederationTypes['Fund'], {"id":true}> );
  ShareClass:
    ( { __typename: 'ShareClass' }
    & ( GraphQLRecursivePick<FederationTypes['ShareClass'], {"id":true}>
        | GraphQLRecursivePick<FederationTypes['ShareClass'], {"isin":true}> ) );
};

/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  NavStreamEvent:
    | ( NavEvent )
    | ( NavEvent )
  ;
};

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  NavTick:
    | ( NavEvent )
    | ( NavEvent )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Decimal: ResolverTypeWrapper<Scalars['Decimal']['output']>;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Currency: ResolverTypeWrapper<Scalars['Currency']['output']>;
  CountryCode: ResolverTypeWrapper<Scalars['CountryCode']['output']>;
  ISIN: ResolverTypeWrapper<Scalars['ISIN']['output']>;
  Cursor: ResolverTypeWrapper<Scalars['Cursor']['output']>;
  AsOfInput: AsOfInput;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Fund: ResolverTypeWrapper<FundRow>;
  ShareClass: ResolverTypeWrapper<ShareClassRow>;
  NavPoint: ResolverTypeWrapper<NavRow>;
  PriceNature: PriceNature;
  NavStatus: NavStatus;
  Provenance: ResolverTypeWrapper<Provenance>;
  FundConnection: ResolverTypeWrapper<Connection<FundRow>>;
  FundEdge: ResolverTypeWrapper<Omit<FundEdge, 'node'> & { node: ResolversTypes['Fund'] }>;
  ShareClassConnection: ResolverTypeWrapper<Connection<ShareClassRow>>;
  ShareClassEdge: ResolverTypeWrapper<Omit<ShareClassEdge, 'node'> & { node: ResolversTypes['ShareClass'] }>;
  NavConnection: ResolverTypeWrapper<Connection<NavRow>>;
  NavEdge: ResolverTypeWrapper<Omit<NavEdge, 'node'> & { node: ResolversTypes['NavPoint'] }>;
  NavStreamEvent: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['NavStreamEvent']>;
  NavTick: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['NavTick']>;
  NavSnapshot: ResolverTypeWrapper<NavEvent>;
  NavUpdate: ResolverTypeWrapper<NavEvent>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Decimal: Scalars['Decimal']['output'];
  Date: Scalars['Date']['output'];
  DateTime: Scalars['DateTime']['output'];
  Currency: Scalars['Currency']['output'];
  CountryCode: Scalars['CountryCode']['output'];
  ISIN: Scalars['ISIN']['output'];
  Cursor: Scalars['Cursor']['output'];
  AsOfInput: AsOfInput;
  PageInfo: PageInfo;
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  Subscription: Record<PropertyKey, never>;
  Fund: FundRow;
  ShareClass: ShareClassRow;
  NavPoint: NavRow;
  Provenance: Provenance;
  FundConnection: Connection<FundRow>;
  FundEdge: Omit<FundEdge, 'node'> & { node: ResolversParentTypes['Fund'] };
  ShareClassConnection: Connection<ShareClassRow>;
  ShareClassEdge: Omit<ShareClassEdge, 'node'> & { node: ResolversParentTypes['ShareClass'] };
  NavConnection: Connection<NavRow>;
  NavEdge: Omit<NavEdge, 'node'> & { node: ResolversParentTypes['NavPoint'] };
  NavStreamEvent: ResolversUnionTypes<ResolversParentTypes>['NavStreamEvent'];
  NavTick: ResolversInterfaceTypes<ResolversParentTypes>['NavTick'];
  NavSnapshot: NavEvent;
  NavUpdate: NavEvent;
  String: Scalars['String']['output'];
  Boolean: Scalars['Boolean']['output'];
};

export type PublicDirectiveArgs = {
  reason: Scalars['String']['input'];
};

export type PublicDirectiveResolver<Result, Parent, ContextType = Context, Args = PublicDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type EventStreamDirectiveArgs = {
  topic: Scalars['String']['input'];
  snapshot?: Maybe<Scalars['String']['input']>;
  keyArgument?: Maybe<Scalars['String']['input']>;
  snapshotType?: Maybe<Scalars['String']['input']>;
  updateType?: Maybe<Scalars['String']['input']>;
};

export type EventStreamDirectiveResolver<Result, Parent, ContextType = Context, Args = EventStreamDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

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

export interface CountryCodeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['CountryCode'], any> {
  name: 'CountryCode';
}

export interface IsinScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['ISIN'], any> {
  name: 'ISIN';
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
  fund?: Resolver<Maybe<ResolversTypes['Fund']>, ParentType, ContextType, RequireFields<QueryFundArgs, 'id'>>;
  funds?: Resolver<ResolversTypes['FundConnection'], ParentType, ContextType, RequireFields<QueryFundsArgs, 'first'>>;
  shareClass?: Resolver<Maybe<ResolversTypes['ShareClass']>, ParentType, ContextType, RequireFields<QueryShareClassArgs, 'id'>>;
  shareClassByIsin?: Resolver<Maybe<ResolversTypes['ShareClass']>, ParentType, ContextType, RequireFields<QueryShareClassByIsinArgs, 'isin'>>;
  shareClasses?: Resolver<ResolversTypes['ShareClassConnection'], ParentType, ContextType, RequireFields<QueryShareClassesArgs, 'first'>>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  navUpdates?: SubscriptionResolver<ResolversTypes['NavStreamEvent'], "navUpdates", ParentType, ContextType, Partial<SubscriptionNavUpdatesArgs>>;
};

export type FundResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Fund'] = ResolversParentTypes['Fund'], FederationReferenceType extends FederationReferenceTypes['Fund'] = FederationReferenceTypes['Fund']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Fund']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  legalFundName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fundHouse?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  category?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  domicile?: Resolver<ResolversTypes['CountryCode'], ParentType, ContextType>;
  baseCurrency?: Resolver<ResolversTypes['Currency'], ParentType, ContextType>;
  inceptionDate?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  shareClasses?: Resolver<ResolversTypes['ShareClassConnection'], ParentType, ContextType, RequireFields<FundShareClassesArgs, 'first'>>;
  primaryShareClass?: Resolver<Maybe<ResolversTypes['ShareClass']>, ParentType, ContextType>;
};

export type ShareClassResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShareClass'] = ResolversParentTypes['ShareClass'], FederationReferenceType extends FederationReferenceTypes['ShareClass'] = FederationReferenceTypes['ShareClass']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['ShareClass']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isin?: Resolver<Maybe<ResolversTypes['ISIN']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['Currency'], ParentType, ContextType>;
  launchDate?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  fund?: Resolver<ResolversTypes['Fund'], ParentType, ContextType>;
  nav?: Resolver<Maybe<ResolversTypes['NavPoint']>, ParentType, ContextType, Partial<ShareClassNavArgs>>;
  navHistory?: Resolver<ResolversTypes['NavConnection'], ParentType, ContextType, RequireFields<ShareClassNavHistoryArgs, 'first'>>;
};

export type NavPointResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NavPoint'] = ResolversParentTypes['NavPoint']> = {
  navDate?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  navPrice?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  priceCurrency?: Resolver<ResolversTypes['Currency'], ParentType, ContextType>;
  priceNature?: Resolver<ResolversTypes['PriceNature'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['NavStatus'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  recordedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  provenance?: Resolver<ResolversTypes['Provenance'], ParentType, ContextType>;
};

export type ProvenanceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Provenance'] = ResolversParentTypes['Provenance']> = {
  source?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fileName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fileSha256?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  line?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type FundConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FundConnection'] = ResolversParentTypes['FundConnection']> = {
  edges?: Resolver<Array<ResolversTypes['FundEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Fund']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type FundEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FundEdge'] = ResolversParentTypes['FundEdge']> = {
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Fund'], ParentType, ContextType>;
};

export type ShareClassConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShareClassConnection'] = ResolversParentTypes['ShareClassConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ShareClassEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['ShareClass']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ShareClassEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShareClassEdge'] = ResolversParentTypes['ShareClassEdge']> = {
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['ShareClass'], ParentType, ContextType>;
};

export type NavConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NavConnection'] = ResolversParentTypes['NavConnection']> = {
  edges?: Resolver<Array<ResolversTypes['NavEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['NavPoint']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type NavEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NavEdge'] = ResolversParentTypes['NavEdge']> = {
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['NavPoint'], ParentType, ContextType>;
};

export type NavStreamEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NavStreamEvent'] = ResolversParentTypes['NavStreamEvent']> = {
  __resolveType: TypeResolveFn<'NavSnapshot' | 'NavUpdate', ParentType, ContextType>;
};

export type NavTickResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NavTick'] = ResolversParentTypes['NavTick']> = {
  __resolveType: TypeResolveFn<'NavSnapshot' | 'NavUpdate', ParentType, ContextType>;
};

export type NavSnapshotResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NavSnapshot'] = ResolversParentTypes['NavSnapshot']> = {
  shareClassId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  shareClass?: Resolver<Maybe<ResolversTypes['ShareClass']>, ParentType, ContextType>;
  sequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  navDate?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  navPrice?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  priceCurrency?: Resolver<ResolversTypes['Currency'], ParentType, ContextType>;
  priceNature?: Resolver<ResolversTypes['PriceNature'], ParentType, ContextType>;
  recordedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type NavUpdateResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NavUpdate'] = ResolversParentTypes['NavUpdate']> = {
  shareClassId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  shareClass?: Resolver<Maybe<ResolversTypes['ShareClass']>, ParentType, ContextType>;
  sequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  navDate?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  navPrice?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  priceCurrency?: Resolver<ResolversTypes['Currency'], ParentType, ContextType>;
  priceNature?: Resolver<ResolversTypes['PriceNature'], ParentType, ContextType>;
  recordedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  Decimal?: GraphQLScalarType;
  Date?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  Currency?: GraphQLScalarType;
  CountryCode?: GraphQLScalarType;
  ISIN?: GraphQLScalarType;
  Cursor?: GraphQLScalarType;
  PageInfo?: PageInfoResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  Fund?: FundResolvers<ContextType>;
  ShareClass?: ShareClassResolvers<ContextType>;
  NavPoint?: NavPointResolvers<ContextType>;
  Provenance?: ProvenanceResolvers<ContextType>;
  FundConnection?: FundConnectionResolvers<ContextType>;
  FundEdge?: FundEdgeResolvers<ContextType>;
  ShareClassConnection?: ShareClassConnectionResolvers<ContextType>;
  ShareClassEdge?: ShareClassEdgeResolvers<ContextType>;
  NavConnection?: NavConnectionResolvers<ContextType>;
  NavEdge?: NavEdgeResolvers<ContextType>;
  NavStreamEvent?: NavStreamEventResolvers<ContextType>;
  NavTick?: NavTickResolvers<ContextType>;
  NavSnapshot?: NavSnapshotResolvers<ContextType>;
  NavUpdate?: NavUpdateResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  public?: PublicDirectiveResolver<any, any, ContextType>;
  eventStream?: EventStreamDirectiveResolver<any, any, ContextType>;
  shareable?: ShareableDirectiveResolver<any, any, ContextType>;
  policy?: PolicyDirectiveResolver<any, any, ContextType>;
  requiresScopes?: RequiresScopesDirectiveResolver<any, any, ContextType>;
};

