import type { z } from 'zod';
import { actorOf, type Context } from '../../platform/context.ts';
import { listKeptApiKeys } from '../repository/api-keys.ts';
import { listKeptSessions } from '../repository/sessions.ts';
import {
  ExportedApiKeys,
  ExportedSessions,
  Me,
  toExportedApiKey,
  toExportedSession,
  toMe,
} from '../schema.ts';
import { getMe } from './get-me.ts';

/** What one part of the marketplace holds about a person. */
export interface ExportSection {
  /** The member of the export that it becomes. */
  name: string;
  schema: z.ZodType;
  read(ctx: Context): Promise<unknown>;
}

export const IDENTITY_SECTIONS: readonly ExportSection[] = [
  { name: 'user', schema: Me, read: async (ctx) => toMe(await getMe(ctx)) },
  {
    name: 'sessions',
    schema: ExportedSessions,
    read: async (ctx) => (await listKeptSessions(ctx.db, actorOf(ctx).userId)).map(toExportedSession),
  },
  {
    name: 'apiKeys',
    schema: ExportedApiKeys,
    read: async (ctx) => (await listKeptApiKeys(ctx.db, actorOf(ctx).userId)).map(toExportedApiKey),
  },
];

/** Everything that is held about the caller, section by section. */
export async function exportMe(
  ctx: Context,
  sections: readonly ExportSection[],
): Promise<Record<string, unknown>> {
  const entries = await Promise.all(sections.map(async ({ name, read }) => [name, await read(ctx)] as const));
  return { exportedAt: ctx.clock.now().toISOString(), ...Object.fromEntries(entries) };
}
