// Made by `npm run generate` from contracts/graph/marketplace.graphql. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { DataProductRow } from '../store/data-products.ts';
import type { Connection } from '@fundmesh/platform/service/connection';
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
  /** The data product of this slug; null when there is none. */
  dataProduct?: Maybe<DataProduct>;
  /** The catalogue, by id: every client may read it. `first` is at most 1,000. */
  dataProducts: DataProductConnection;
};


/** What can be asked. */
export type QueryDataProductArgs = {
  slug: Scalars['String']['input'];
};


/** What can be asked. */
export type QueryDataProductsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['Cursor']['input']>;
};

/** A product of the data marketplace: data of some funds, offered together. What a client may read of it, its grants decide. */
export type DataProduct = {
  __typename?: 'DataProduct';
  /** Identifier of the product. */
  id: Scalars['ID']['output'];
  /** Name of the product in addresses: lower-case words joined by hyphens. */
  slug: Scalars['String']['output'];
  /** Title for a reader. */
  title: Scalars['String']['output'];
  /** What the product holds. */
  description: Scalars['String']['output'];
  /** How often it is renewed. */
  cadence: Cadence;
  /** The fields of the product's rows. */
  schema: Array<ProductField>;
  /** The funds that the product covers, of those that the caller may see, by id. */
  covers?: Maybe<Array<Fund>>;
};

/** How often a product is renewed. */
export type Cadence =
  /** While markets are open. */
  | 'INTRADAY'
  /** Each business day. */
  | 'DAILY'
  /** When its source is. */
  | 'ON_CHANGE';

/** A field of a product's rows. */
export type ProductField = {
  __typename?: 'ProductField';
  /** Name of the field. */
  name: Scalars['String']['output'];
  /** Its type: the name of a scalar of this graph. */
  type: Scalars['String']['output'];
  /** What it means, with its unit. */
  description: Scalars['String']['output'];
};

/** A page of data products. */
export type DataProductConnection = {
  __typename?: 'DataProductConnection';
  /** The products of this page with their cursors. */
  edges: Array<DataProductEdge>;
  /** The products of this page. */
  nodes: Array<DataProduct>;
  /** Where this page stands. */
  pageInfo: PageInfo;
};

/** A data product and its position. */
export type DataProductEdge = {
  __typename?: 'DataProductEdge';
  /** Position of the product; an `after` argument continues behind it. */
  cursor: Scalars['Cursor']['output'];
  /** The product. */
  node: DataProduct;
};

/** A legal fund (openfunds OFST010110; FundsXML Fund). */
export type Fund = {
  __typename?: 'Fund';
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
  DataProduct: DataProduct;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  DataProduct:
    ( { __typename: 'DataProduct' }
    & ( GraphQLRecursivePick<FederationTypes['DataProduct'], {"id":true}>
        | GraphQLRecursivePick<FederationTypes['DataProduct'], {"slug":true}> ) );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Cursor: ResolverTypeWrapper<Scalars['Cursor']['output']>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  DataProduct: ResolverTypeWrapper<DataProductRow>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Cadence: Cadence;
  ProductField: ResolverTypeWrapper<ProductField>;
  DataProductConnection: ResolverTypeWrapper<Connection<DataProductRow>>;
  DataProductEdge: ResolverTypeWrapper<Omit<DataProductEdge, 'node'> & { node: ResolversTypes['DataProduct'] }>;
  Fund: ResolverTypeWrapper<Fund>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Cursor: Scalars['Cursor']['output'];
  PageInfo: PageInfo;
  Query: Record<PropertyKey, never>;
  Int: Scalars['Int']['output'];
  DataProduct: DataProductRow;
  ID: Scalars['ID']['output'];
  ProductField: ProductField;
  DataProductConnection: Connection<DataProductRow>;
  DataProductEdge: Omit<DataProductEdge, 'node'> & { node: ResolversParentTypes['DataProduct'] };
  Fund: Fund;
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
  dataProduct?: Resolver<Maybe<ResolversTypes['DataProduct']>, ParentType, ContextType, RequireFields<QueryDataProductArgs, 'slug'>>;
  dataProducts?: Resolver<ResolversTypes['DataProductConnection'], ParentType, ContextType, RequireFields<QueryDataProductsArgs, 'first'>>;
};

export type DataProductResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DataProduct'] = ResolversParentTypes['DataProduct'], FederationReferenceType extends FederationReferenceTypes['DataProduct'] = FederationReferenceTypes['DataProduct']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['DataProduct']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  slug?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  cadence?: Resolver<ResolversTypes['Cadence'], ParentType, ContextType>;
  schema?: Resolver<Array<ResolversTypes['ProductField']>, ParentType, ContextType>;
  covers?: Resolver<Maybe<Array<ResolversTypes['Fund']>>, ParentType, ContextType>;
};

export type ProductFieldResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductField'] = ResolversParentTypes['ProductField']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DataProductConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DataProductConnection'] = ResolversParentTypes['DataProductConnection']> = {
  edges?: Resolver<Array<ResolversTypes['DataProductEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['DataProduct']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DataProductEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DataProductEdge'] = ResolversParentTypes['DataProductEdge']> = {
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['DataProduct'], ParentType, ContextType>;
};

export type FundResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Fund'] = ResolversParentTypes['Fund']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  Cursor?: GraphQLScalarType;
  PageInfo?: PageInfoResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  DataProduct?: DataProductResolvers<ContextType>;
  ProductField?: ProductFieldResolvers<ContextType>;
  DataProductConnection?: DataProductConnectionResolvers<ContextType>;
  DataProductEdge?: DataProductEdgeResolvers<ContextType>;
  Fund?: FundResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  public?: PublicDirectiveResolver<any, any, ContextType>;
  shareable?: ShareableDirectiveResolver<any, any, ContextType>;
  policy?: PolicyDirectiveResolver<any, any, ContextType>;
  requiresScopes?: RequiresScopesDirectiveResolver<any, any, ContextType>;
};

