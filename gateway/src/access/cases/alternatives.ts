/** Scopes and policies: one of the lists, and of it every name; of the field, and of its parent, and of what it returns. */
import { type CaseGraph, somebody, withPolicies, withScopes } from './case.ts'

const report = {
  id: '1',
  draft: 'SECRET-1',
  final: 'SECRET-2',
  both: 'SECRET-3',
  open: 'open',
  part: { text: 'SECRET-4' },
}

export const alternatives: CaseGraph = {
  name: 'scopes and policies',
  subgraphs: {
    reports: {
      sdl: `
        type Query {
          report: Report
          free: Free
          audited: String @policy(policies: [["audit", "night"], ["chief"]])
          everybody: String @requiresScopes(scopes: [[]])
        }
        type Report @requiresScopes(scopes: [["read"]]) {
          id: ID!
          draft: String @requiresScopes(scopes: [["edit", "draft"], ["admin"]])
          final: String @policy(policies: [["desk"]])
          both: String @requiresScopes(scopes: [["edit"]]) @policy(policies: [["desk"]]) @authenticated
          open: String
          part: Part
        }
        type Part @policy(policies: [["parts"]]) { text: String @requiresScopes(scopes: [["text"]]) }
        type Free { text: String }
      `,
      resolvers: {
        Query: {
          report: () => report,
          free: () => ({ text: 'free' }),
          audited: () => 'SECRET-5',
          everybody: () => 'for all',
        },
      },
    },
  },
  cases: [
    {
      it: 'needs the scope of the type',
      query: '{ report { open } free { text } }',
      who: somebody,
      data: { report: null, free: { text: 'free' } },
      denied: ['report'],
    },
    {
      it: 'is content with it',
      query: '{ report { open } }',
      who: withScopes('read'),
      data: { report: { open: 'open' } },
    },
    {
      it: 'needs every name of a list',
      query: '{ report { draft } }',
      who: withScopes('read', 'edit'),
      data: { report: { draft: null } },
      denied: ['report.draft'],
      unsent: /draft/,
    },
    {
      it: 'is content with one of the lists',
      query: '{ report { draft } }',
      who: withScopes('read', 'admin'),
      data: { report: { draft: 'SECRET-1' } },
    },
    {
      it: "needs the parent's scope besides the field's",
      query: '{ report { draft } }',
      who: withScopes('admin'),
      data: { report: null },
      denied: ['report'],
      fetches: 0,
    },
    {
      it: 'denies a policy that is not granted',
      query: '{ report { final } audited }',
      who: { scopes: ['read'], policies: ['audit'] },
      data: { report: { final: null }, audited: null },
      denied: ['report.final', 'audited'],
      unsent: /final|audited/,
    },
    {
      it: 'grants one list of policies',
      query: '{ audited }',
      who: withPolicies('audit', 'night'),
      data: { audited: 'SECRET-5' },
    },
    {
      it: 'grants the other list of policies',
      query: '{ audited }',
      who: withPolicies('chief'),
      data: { audited: 'SECRET-5' },
    },
    {
      it: 'needs the scope and the policy and the token',
      query: '{ report { both } }',
      who: withScopes('read', 'edit'),
      data: { report: { both: null } },
      denied: ['report.both'],
    },
    {
      it: 'is content with all three',
      query: '{ report { both } }',
      who: { scopes: ['read', 'edit'], policies: ['desk'] },
      data: { report: { both: 'SECRET-3' } },
    },
    {
      it: 'needs the policy of what a field returns',
      query: '{ report { part { text } } }',
      who: withScopes('read', 'text'),
      data: { report: { part: null } },
      denied: ['report.part'],
      unsent: /part/,
    },
    {
      it: 'needs the scope of the field in it',
      query: '{ report { part { text } } }',
      who: { scopes: ['read'], policies: ['parts'] },
      data: { report: { part: { text: null } } },
      denied: ['report.part.text'],
      unsent: /text/,
    },
    { it: 'takes a list of no names for public', query: '{ everybody }', data: { everybody: 'for all' } },
    {
      it: 'does not take a part of a scope for the scope',
      query: '{ report { open } }',
      who: withScopes('rea', 'read:all', 'READ', ' read'),
      data: { report: null },
      denied: ['report'],
      fetches: 0,
    },
    {
      it: 'does not take a prototype for a scope',
      query: '{ audited }',
      who: withPolicies('__proto__', 'constructor'),
      data: { audited: null },
      denied: ['audited'],
      fetches: 0,
    },
  ],
}
