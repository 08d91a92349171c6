// Made by `npm run generate` from contracts/graph/risk.graphql. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { ShareClassRow } from '../store/share-classes.ts';
import type { RiskAnswer } from '../resolvers/RiskReport.ts';
import type { ValueAtRiskEstimate as HistoricalEstimate } from '../domain/value-at-risk.ts';
import type { Context } from '../context.ts';
export type Maybe<T> = T | null | undefined;
export type InputMaybe<T> = T | null | undefined;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A ratio as a decimal string: `0.01` is 1 per cent. Computed as an IEEE double and given with 15 significant digits. */
  Fraction: { input: string; output: number | string; }
  /** A calendar date, `YYYY-MM-DD`, without a time zone. */
  Date: { input: string; output: string; }
  /** An instant, RFC 3339 in UTC with milliseconds or microseconds: `2024-01-16T18:00:00.000Z`. */
  DateTime: { input: string; output: string; }
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

/** What risk is asked for. */
export type RiskInput = {
  /** First NAV date of the window, inclusive; default: the first NAV. */
  from?: InputMaybe<Scalars['Date']['input']>;
  /** Last NAV date of the window, inclusive; default: `asOf.validAt`, else the newest NAV. */
  to?: InputMaybe<Scalars['Date']['input']>;
  /** Confidence level of value at risk, a fraction between 0.5 and 1, both excluded: `0.95`. */
  confidence?: InputMaybe<Scalars['Fraction']['input']>;
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
  /** Risk figures from the daily simple returns of a window of the NAV history. */
  risk?: Maybe<RiskReport>;
};


/** A class of shares of a fund; the net asset value belongs to it (FundsXML ShareClass). */
export type ShareClassRiskArgs = {
  input?: InputMaybe<RiskInput>;
  asOf?: InputMaybe<AsOfInput>;
};

/** Risk figures of a share class. Where the window has too few values, the figures are null and a reason is given. */
export type RiskReport = {
  __typename?: 'RiskReport';
  /** NAV date of the first value used; null where there is none. */
  startDate?: Maybe<Scalars['Date']['output']>;
  /** NAV date of the last value used; null where there is none. */
  endDate?: Maybe<Scalars['Date']['output']>;
  /** Number of daily returns used. */
  observations: Scalars['Int']['output'];
  /** Sample standard deviation (n - 1) of daily returns times the square root of 252, a fraction; null below 2 returns. */
  volatility?: Maybe<Scalars['Fraction']['output']>;
  /** The deepest fall from a peak; null below 1 return. */
  maximumDrawdown?: Maybe<Drawdown>;
  /** One-day value at risk by historical simulation; null below 20 returns. */
  valueAtRisk?: Maybe<ValueAtRiskEstimate>;
  /** Why a figure is null; null when none is. */
  reasonIncomplete?: Maybe<Scalars['String']['output']>;
  /** The conventions that the numbers follow. */
  conventions: Array<Convention>;
  /** The instant whose knowledge was used. */
  knownAt: Scalars['DateTime']['output'];
};

/** A fall from a peak to a trough. The window's first value counts as a peak. */
export type Drawdown = {
  __typename?: 'Drawdown';
  /** Depth of the fall, a positive fraction of the peak; 0 where the series never fell. */
  depth: Scalars['Fraction']['output'];
  /** Date of the peak before the fall. */
  peakDate: Scalars['Date']['output'];
  /** Date of the trough. */
  troughDate: Scalars['Date']['output'];
  /** First date at which the peak was reached again; null while it is not. */
  recoveryDate?: Maybe<Scalars['Date']['output']>;
};

/** How value at risk was estimated. */
export type ValueAtRiskMethod =
  /** Quantile of past returns, type 7 (linear interpolation). */
  | 'HISTORICAL';

/** A loss that is not exceeded with the given confidence. */
export type ValueAtRiskEstimate = {
  __typename?: 'ValueAtRiskEstimate';
  /** The loss, a positive fraction of the value; negative where even that quantile is a gain. */
  value: Scalars['Fraction']['output'];
  /** Confidence level, a fraction. */
  confidence: Scalars['Fraction']['output'];
  /** Horizon in trading days. */
  horizonDays: Scalars['Int']['output'];
  /** How it was estimated. */
  method: ValueAtRiskMethod;
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
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  ShareClass:
    ( { __typename: 'ShareClass' }
    & GraphQLRecursivePick<FederationTypes['ShareClass'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Fraction: ResolverTypeWrapper<Scalars['Fraction']['output']>;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  AsOfInput: AsOfInput;
  RiskInput: RiskInput;
  Convention: ResolverTypeWrapper<Convention>;
  ShareClass: ResolverTypeWrapper<ShareClassRow>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  RiskReport: ResolverTypeWrapper<RiskAnswer>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Drawdown: ResolverTypeWrapper<Drawdown>;
  ValueAtRiskMethod: ValueAtRiskMethod;
  ValueAtRiskEstimate: ResolverTypeWrapper<HistoricalEstimate>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Fraction: Scalars['Fraction']['output'];
  Date: Scalars['Date']['output'];
  DateTime: Scalars['DateTime']['output'];
  AsOfInput: AsOfInput;
  RiskInput: RiskInput;
  Convention: Convention;
  ShareClass: ShareClassRow;
  ID: Scalars['ID']['output'];
  RiskReport: RiskAnswer;
  Int: Scalars['Int']['output'];
  Drawdown: Drawdown;
  ValueAtRiskEstimate: HistoricalEstimate;
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

export interface FractionScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Fraction'], any> {
  name: 'Fraction';
}

export interface DateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Date'], any> {
  name: 'Date';
}

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type ConventionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Convention'] = ResolversParentTypes['Convention']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ShareClassResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShareClass'] = ResolversParentTypes['ShareClass'], FederationReferenceType extends FederationReferenceTypes['ShareClass'] = FederationReferenceTypes['ShareClass']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['ShareClass']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  risk?: Resolver<Maybe<ResolversTypes['RiskReport']>, ParentType, ContextType, Partial<ShareClassRiskArgs>>;
};

export type RiskReportResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RiskReport'] = ResolversParentTypes['RiskReport']> = {
  startDate?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  endDate?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  observations?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  volatility?: Resolver<Maybe<ResolversTypes['Fraction']>, ParentType, ContextType>;
  maximumDrawdown?: Resolver<Maybe<ResolversTypes['Drawdown']>, ParentType, ContextType>;
  valueAtRisk?: Resolver<Maybe<ResolversTypes['ValueAtRiskEstimate']>, ParentType, ContextType>;
  reasonIncomplete?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  conventions?: Resolver<Array<ResolversTypes['Convention']>, ParentType, ContextType>;
  knownAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type DrawdownResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Drawdown'] = ResolversParentTypes['Drawdown']> = {
  depth?: Resolver<ResolversTypes['Fraction'], ParentType, ContextType>;
  peakDate?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  troughDate?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  recoveryDate?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
};

export type ValueAtRiskEstimateResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ValueAtRiskEstimate'] = ResolversParentTypes['ValueAtRiskEstimate']> = {
  value?: Resolver<ResolversTypes['Fraction'], ParentType, ContextType>;
  confidence?: Resolver<ResolversTypes['Fraction'], ParentType, ContextType>;
  horizonDays?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  method?: Resolver<ResolversTypes['ValueAtRiskMethod'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  _unused?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  Fraction?: GraphQLScalarType;
  Date?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  Convention?: ConventionResolvers<ContextType>;
  ShareClass?: ShareClassResolvers<ContextType>;
  RiskReport?: RiskReportResolvers<ContextType>;
  Drawdown?: DrawdownResolvers<ContextType>;
  ValueAtRiskEstimate?: ValueAtRiskEstimateResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  public?: PublicDirectiveResolver<any, any, ContextType>;
  shareable?: ShareableDirectiveResolver<any, any, ContextType>;
  policy?: PolicyDirectiveResolver<any, any, ContextType>;
  requiresScopes?: RequiresScopesDirectiveResolver<any, any, ContextType>;
};

