// Made by `npm run generate` from contracts/graph/entitlement.graphql. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Tenant as TenantRecord } from '../domain/tenant.ts';
import type { Contract as ContractRecord } from '../domain/contract.ts';
import type { ReadGrant, ResourceRef } from '../store/records.ts';
import type { Receipt } from '../administration.ts';
import type { Portfolio as PortfolioRecord, Position as PositionRecord } from '../domain/portfolio.ts';
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
  /** A calendar date, `YYYY-MM-DD`, without a time zone. */
  Date: { input: string; output: string; }
  /** An instant, RFC 3339 in UTC with milliseconds or microseconds: `2024-01-16T18:00:00.000Z`. */
  DateTime: { input: string; output: string; }
  /** An ISO 4217 currency code. */
  Currency: { input: string; output: string; }
  /** A Legal Entity Identifier (ISO 17442), its check digits verified (mod 97-10). */
  LEI: { input: string; output: string; }
};

/** What can be asked. */
export type Query = {
  __typename?: 'Query';
  /** The tenant that the caller belongs to. */
  me: Tenant;
  /** The tenant of this id; null when there is none that the caller may see. Administrators (scope `entitlement:admin`) see every tenant. */
  tenant?: Maybe<Tenant>;
  /** The tenants that the caller may see, by id: its own, or every one for an administrator. */
  tenants: Array<Tenant>;
  /** The portfolio of this id; null when there is none that the caller may see. */
  portfolio?: Maybe<Portfolio>;
};


/** What can be asked. */
export type QueryTenantArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked. */
export type QueryPortfolioArgs = {
  id: Scalars['ID']['input'];
};

/** What can be changed. */
export type Mutation = {
  __typename?: 'Mutation';
  /** Registers a tenant. Needs the scope `entitlement:admin`. */
  registerTenant: Tenant;
  /** Grants a tenant the right to read a resource. Needs the scope `entitlement:admin`. */
  grant: GrantReceipt;
  /** Ends a grant now. Revoking a revoked grant changes nothing and returns it. Needs the scope `entitlement:admin`. */
  revoke: GrantReceipt;
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
};

/** What a change of entitlement did. The change is stored; where it is in force already, `confirmations` says. */
export type GrantReceipt = {
  __typename?: 'GrantReceipt';
  /** The grant as it stands after the change. */
  grant: Grant;
  /** The tenant's entitlement epoch after the change: it grows with each change of the tenant's grants. */
  epoch: Scalars['Int']['output'];
  /** What each target said, asked for up to 5 seconds. A target that has not confirmed by then gets the change as soon as it answers; revoking again tells how far it is. */
  confirmations: Array<GrantConfirmation>;
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
  /** The row policies of the warehouse: what queries return. */
  | 'WAREHOUSE'
  /** The event log, from which the replicas of the grants follow: what streams send. */
  | 'EVENT_LOG';

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
  /** Grants of this tenant, oldest first, in any state. */
  grants: Array<Grant>;
  /** Portfolios of this tenant, by id. */
  portfolios: Array<Portfolio>;
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
  /** The grants that come from this contract, oldest first. */
  grants: Array<Grant>;
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
  /** From when the right holds. */
  validFrom: Scalars['DateTime']['output'];
  /** Until when the right holds, exclusive; null where it has no end. */
  validTo?: Maybe<Scalars['DateTime']['output']>;
  /** State of the grant at the time of asking. */
  state: GrantState;
  /** Why it was revoked; null while it is not. */
  revocationReason?: Maybe<Scalars['String']['output']>;
  /** The contract it comes from; null where it was granted without one. */
  contract?: Maybe<Contract>;
};

/** The state of a grant. */
export type GrantState =
  /** Its window has not begun. */
  | 'PENDING'
  /** In force. */
  | 'ACTIVE'
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
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RegisterTenantInput: RegisterTenantInput;
  GrantInput: GrantInput;
  GrantReceipt: ResolverTypeWrapper<Receipt>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  GrantConfirmation: ResolverTypeWrapper<GrantConfirmation>;
  GrantTarget: GrantTarget;
  Tenant: ResolverTypeWrapper<TenantRecord>;
  Contract: ResolverTypeWrapper<ContractRecord>;
  ContractStatus: ContractStatus;
  Grant: ResolverTypeWrapper<ReadGrant>;
  GrantState: GrantState;
  ResourceKind: ResourceKind;
  GrantResource: ResolverTypeWrapper<ResourceRef>;
  Portfolio: ResolverTypeWrapper<PortfolioRecord>;
  Position: ResolverTypeWrapper<PositionRecord>;
  Fund: ResolverTypeWrapper<Fund>;
  ShareClass: ResolverTypeWrapper<ShareClass>;
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
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  Mutation: Record<PropertyKey, never>;
  RegisterTenantInput: RegisterTenantInput;
  GrantInput: GrantInput;
  GrantReceipt: Receipt;
  Int: Scalars['Int']['output'];
  GrantConfirmation: GrantConfirmation;
  Tenant: TenantRecord;
  Contract: ContractRecord;
  Grant: ReadGrant;
  GrantResource: ResourceRef;
  Portfolio: PortfolioRecord;
  Position: PositionRecord;
  Fund: Fund;
  ShareClass: ShareClass;
  String: Scalars['String']['output'];
  Boolean: Scalars['Boolean']['output'];
};

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

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  me?: Resolver<ResolversTypes['Tenant'], ParentType, ContextType>;
  tenant?: Resolver<Maybe<ResolversTypes['Tenant']>, ParentType, ContextType, RequireFields<QueryTenantArgs, 'id'>>;
  tenants?: Resolver<Array<ResolversTypes['Tenant']>, ParentType, ContextType>;
  portfolio?: Resolver<Maybe<ResolversTypes['Portfolio']>, ParentType, ContextType, RequireFields<QueryPortfolioArgs, 'id'>>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  registerTenant?: Resolver<ResolversTypes['Tenant'], ParentType, ContextType, RequireFields<MutationRegisterTenantArgs, 'input'>>;
  grant?: Resolver<ResolversTypes['GrantReceipt'], ParentType, ContextType, RequireFields<MutationGrantArgs, 'input'>>;
  revoke?: Resolver<ResolversTypes['GrantReceipt'], ParentType, ContextType, RequireFields<MutationRevokeArgs, 'grantId' | 'reason'>>;
};

export type GrantReceiptResolvers<ContextType = Context, ParentType extends ResolversParentTypes['GrantReceipt'] = ResolversParentTypes['GrantReceipt']> = {
  grant?: Resolver<ResolversTypes['Grant'], ParentType, ContextType>;
  epoch?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  confirmations?: Resolver<Array<ResolversTypes['GrantConfirmation']>, ParentType, ContextType>;
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
  grants?: Resolver<Array<ResolversTypes['Grant']>, ParentType, ContextType>;
  portfolios?: Resolver<Array<ResolversTypes['Portfolio']>, ParentType, ContextType>;
};

export type ContractResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Contract'] = ResolversParentTypes['Contract'], FederationReferenceType extends FederationReferenceTypes['Contract'] = FederationReferenceTypes['Contract']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Contract']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  tenant?: Resolver<ResolversTypes['Tenant'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ContractStatus'], ParentType, ContextType>;
  startDate?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  endDate?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  grants?: Resolver<Array<ResolversTypes['Grant']>, ParentType, ContextType>;
};

export type GrantResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Grant'] = ResolversParentTypes['Grant'], FederationReferenceType extends FederationReferenceTypes['Grant'] = FederationReferenceTypes['Grant']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Grant']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  tenant?: Resolver<ResolversTypes['Tenant'], ParentType, ContextType>;
  resource?: Resolver<ResolversTypes['GrantResource'], ParentType, ContextType>;
  validFrom?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  validTo?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['GrantState'], ParentType, ContextType>;
  revocationReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  contract?: Resolver<Maybe<ResolversTypes['Contract']>, ParentType, ContextType>;
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

export type Resolvers<ContextType = Context> = {
  Decimal?: GraphQLScalarType;
  Date?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  Currency?: GraphQLScalarType;
  LEI?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  GrantReceipt?: GrantReceiptResolvers<ContextType>;
  GrantConfirmation?: GrantConfirmationResolvers<ContextType>;
  Tenant?: TenantResolvers<ContextType>;
  Contract?: ContractResolvers<ContextType>;
  Grant?: GrantResolvers<ContextType>;
  GrantResource?: GrantResourceResolvers<ContextType>;
  Portfolio?: PortfolioResolvers<ContextType>;
  Position?: PositionResolvers<ContextType>;
  Fund?: FundResolvers<ContextType>;
  ShareClass?: ShareClassResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  shareable?: ShareableDirectiveResolver<any, any, ContextType>;
  policy?: PolicyDirectiveResolver<any, any, ContextType>;
  requiresScopes?: RequiresScopesDirectiveResolver<any, any, ContextType>;
};

