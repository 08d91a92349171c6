// Made by `npm run generate` from contracts/graph/performance.graphql. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { ShareClassRow } from '../store/share-classes.ts';
import type { PortfolioReference } from '../resolvers/Portfolio.ts';
import type { PeriodReturnAnswer } from '../resolvers/PeriodReturn.ts';
import type { Context } from '../context.ts';
export type Maybe<T> = T | null | undefined;
export type InputMaybe<T> = T | null | undefined;
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
  /** A ratio as a decimal string: `0.01` is 1 per cent. Computed as an IEEE double and given with 15 significant digits. */
  Fraction: { input: string; output: number | string; }
  /** A calendar date, `YYYY-MM-DD`, without a time zone. */
  Date: { input: string; output: string; }
  /** An instant, RFC 3339 in UTC with milliseconds or microseconds: `2024-01-16T18:00:00.000Z`. */
  DateTime: { input: string; output: string; }
  /** An ISO 4217 currency code. */
  Currency: { input: string; output: string; }
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

/** An amount of money. */
export type Money = {
  __typename?: 'Money';
  /** The amount, in units of `currency` (not in cents). */
  amount: Scalars['Decimal']['output'];
  /** The currency of the amount. */
  currency: Scalars['Currency']['output'];
};

/** One convention that a number follows. */
export type Convention = {
  __typename?: 'Convention';
  /** What is chosen, `annualization`. */
  name: Scalars['String']['output'];
  /** What was chosen, `n-1`. */
  value: Scalars['String']['output'];
};

/** A class of shares of a fund; the net asset value belongs to it (FundsXML ShareClass). */
export type ShareClass = {
  __typename?: 'ShareClass';
  /** Stable identifier: the source's namespace and its own code, `tsp:c-fund`. */
  id: Scalars['ID']['output'];
  /**
   * Time-weighted returns from the NAV history, one for each period asked for (at most 100), in that order, ending at the
   * last NAV on or before `endDate` (default: `asOf.validAt`, else the newest NAV). In another `currency` each NAV is
   * converted at the ECB reference rate of its day, or the last one before it.
   */
  returns?: Maybe<Array<PeriodReturn>>;
  /** Time-weighted returns of the calendar years `from` to `to` (at most 100), oldest first; default: every year that the history touches. */
  calendarYearReturns?: Maybe<Array<PeriodReturn>>;
};


/** A class of shares of a fund; the net asset value belongs to it (FundsXML ShareClass). */
export type ShareClassReturnsArgs = {
  periods: Array<Period>;
  endDate?: InputMaybe<Scalars['Date']['input']>;
  currency?: InputMaybe<Scalars['Currency']['input']>;
  asOf?: InputMaybe<AsOfInput>;
};


/** A class of shares of a fund; the net asset value belongs to it (FundsXML ShareClass). */
export type ShareClassCalendarYearReturnsArgs = {
  from?: InputMaybe<Scalars['Int']['input']>;
  to?: InputMaybe<Scalars['Int']['input']>;
  currency?: InputMaybe<Scalars['Currency']['input']>;
  asOf?: InputMaybe<AsOfInput>;
};

/** A tenant's own holdings of share classes. */
export type Portfolio = {
  __typename?: 'Portfolio';
  /** Identifier of the portfolio. */
  id: Scalars['ID']['output'];
  /** What the portfolio holds. */
  positions: Array<Position>;
  /**
   * The sum of units times NAV over all positions, each at its last NAV on or before `asOf.validAt` (default: today), in
   * `currency` (default USD) at the ECB reference rate of that NAV's day or the last one before it; exact, rounded once to
   * 10 digits after the point. Null where a position has no NAV that the caller may see, or no rate.
   */
  marketValue?: Maybe<Money>;
};


/** A tenant's own holdings of share classes. */
export type PortfolioMarketValueArgs = {
  currency?: InputMaybe<Scalars['Currency']['input']>;
  asOf?: InputMaybe<AsOfInput>;
};

/** A number of shares of one share class. */
export type Position = {
  __typename?: 'Position';
  /** Id of the share class held. */
  shareClassId: Scalars['ID']['output'];
  /** Number of shares held. */
  units: Scalars['Decimal']['output'];
};

/**
 * A span of time that ends at a given date. Base values are the last NAV on or before the span's start; for a share class
 * that began inside a to-date period, its first NAV.
 */
export type Period =
  /** Month to date: from the end of the previous month. */
  | 'MTD'
  /** Quarter to date: from the end of the previous quarter. */
  | 'QTD'
  /** Year to date: from the end of the previous year. */
  | 'YTD'
  /** One year; 29 February counts from 28 February. */
  | 'Y1'
  /** Three years. */
  | 'Y3'
  /** Five years. */
  | 'Y5'
  /** Ten years. */
  | 'Y10'
  /** From the first NAV. */
  | 'SINCE_INCEPTION'
  /** The whole calendar year of the end date, from the end of the previous one; incomplete until it is over. */
  | 'CALENDAR_YEAR';

/** How a return was computed. */
export type ReturnMethod =
  /** Time-weighted from daily NAVs: NAV(end) / NAV(base) - 1. */
  | 'TWR_DAILY';

/** The return of one period. An incomplete period has no numbers, and a reason instead. */
export type PeriodReturn = {
  __typename?: 'PeriodReturn';
  /** The period asked for. */
  period: Period;
  /** Date of the base NAV; null where there is none. */
  startDate?: Maybe<Scalars['Date']['output']>;
  /** Date of the last NAV in the period; null where there is none. */
  endDate?: Maybe<Scalars['Date']['output']>;
  /** Cumulative return, a fraction; null when the period is incomplete. */
  cumulative?: Maybe<Scalars['Fraction']['output']>;
  /** (1 + cumulative)^(1/years) - 1, a fraction; null for periods of less than a year (GIPS), and when incomplete. */
  annualized?: Maybe<Scalars['Fraction']['output']>;
  /** Currency of the NAVs that the return was computed in. */
  currency: Scalars['Currency']['output'];
  /** Number of NAVs after the base value up to the end. */
  observations: Scalars['Int']['output'];
  /** Whether the history covers the whole period. */
  complete: Scalars['Boolean']['output'];
  /** Why the period is incomplete; null when it is complete. */
  reasonIncomplete?: Maybe<Scalars['String']['output']>;
  /** How it was computed. */
  method: ReturnMethod;
  /** The conventions that the numbers follow. */
  conventions: Array<Convention>;
  /** The instant whose knowledge was used. */
  knownAt: Scalars['DateTime']['output'];
};

export type Query = {
  __typename?: 'Query';
  _unused?: Maybe<Scalars['Boolean']['output']>;
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
  ShareClass: ShareClass;
  Portfolio: Portfolio;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  ShareClass:
    ( { __typename: 'ShareClass' }
    & GraphQLRecursivePick<FederationTypes['ShareClass'], {"id":true}> );
  Portfolio:
    ( { __typename: 'Portfolio' }
    & GraphQLRecursivePick<FederationTypes['Portfolio'], {"id":true}>
    & ( Record<PropertyKey, never>
        | GraphQLRecursivePick<FederationTypes['Portfolio'], {"positions":{"shareClassId":true,"units":true}}> ) );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Decimal: ResolverTypeWrapper<Scalars['Decimal']['output']>;
  Fraction: ResolverTypeWrapper<Scalars['Fraction']['output']>;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Currency: ResolverTypeWrapper<Scalars['Currency']['output']>;
  AsOfInput: AsOfInput;
  Money: ResolverTypeWrapper<Money>;
  Convention: ResolverTypeWrapper<Convention>;
  ShareClass: ResolverTypeWrapper<ShareClassRow>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Portfolio: ResolverTypeWrapper<PortfolioReference>;
  Position: ResolverTypeWrapper<Position>;
  Period: Period;
  ReturnMethod: ReturnMethod;
  PeriodReturn: ResolverTypeWrapper<PeriodReturnAnswer>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Decimal: Scalars['Decimal']['output'];
  Fraction: Scalars['Fraction']['output'];
  Date: Scalars['Date']['output'];
  DateTime: Scalars['DateTime']['output'];
  Currency: Scalars['Currency']['output'];
  AsOfInput: AsOfInput;
  Money: Money;
  Convention: Convention;
  ShareClass: ShareClassRow;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  Portfolio: PortfolioReference;
  Position: Position;
  PeriodReturn: PeriodReturnAnswer;
  Query: Record<PropertyKey, never>;
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

export interface FractionScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Fraction'], any> {
  name: 'Fraction';
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

export type MoneyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Money'] = ResolversParentTypes['Money']> = {
  amount?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['Currency'], ParentType, ContextType>;
};

export type ConventionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Convention'] = ResolversParentTypes['Convention']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ShareClassResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShareClass'] = ResolversParentTypes['ShareClass'], FederationReferenceType extends FederationReferenceTypes['ShareClass'] = FederationReferenceTypes['ShareClass']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['ShareClass']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  returns?: Resolver<Maybe<Array<ResolversTypes['PeriodReturn']>>, ParentType, ContextType, RequireFields<ShareClassReturnsArgs, 'periods'>>;
  calendarYearReturns?: Resolver<Maybe<Array<ResolversTypes['PeriodReturn']>>, ParentType, ContextType, Partial<ShareClassCalendarYearReturnsArgs>>;
};

export type PortfolioResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Portfolio'] = ResolversParentTypes['Portfolio'], FederationReferenceType extends FederationReferenceTypes['Portfolio'] = FederationReferenceTypes['Portfolio']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Portfolio']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  marketValue?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType, RequireFields<PortfolioMarketValueArgs, 'currency'>>;
};

export type PeriodReturnResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PeriodReturn'] = ResolversParentTypes['PeriodReturn']> = {
  period?: Resolver<ResolversTypes['Period'], ParentType, ContextType>;
  startDate?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  endDate?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  cumulative?: Resolver<Maybe<ResolversTypes['Fraction']>, ParentType, ContextType>;
  annualized?: Resolver<Maybe<ResolversTypes['Fraction']>, ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['Currency'], ParentType, ContextType>;
  observations?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  reasonIncomplete?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  method?: Resolver<ResolversTypes['ReturnMethod'], ParentType, ContextType>;
  conventions?: Resolver<Array<ResolversTypes['Convention']>, ParentType, ContextType>;
  knownAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  _unused?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  Decimal?: GraphQLScalarType;
  Fraction?: GraphQLScalarType;
  Date?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  Currency?: GraphQLScalarType;
  Money?: MoneyResolvers<ContextType>;
  Convention?: ConventionResolvers<ContextType>;
  ShareClass?: ShareClassResolvers<ContextType>;
  Portfolio?: PortfolioResolvers<ContextType>;
  PeriodReturn?: PeriodReturnResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  public?: PublicDirectiveResolver<any, any, ContextType>;
  shareable?: ShareableDirectiveResolver<any, any, ContextType>;
  policy?: PolicyDirectiveResolver<any, any, ContextType>;
  requiresScopes?: RequiresScopesDirectiveResolver<any, any, ContextType>;
};

