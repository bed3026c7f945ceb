import { randomBytes } from 'node:crypto';
import type { Sojourn } from '@sojourn/sdk';
import { openClient } from '../../client.ts';
import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';

/** A new account that nobody needs. */
export interface Stranger {
  id: string;
  client: Sojourn;
  email: string;
  password: string;
}

/** What recipes work with. */
export interface Kitchen {
  /** Acts as whoever runs the command. */
  client: Sojourn;
  signal: AbortSignal;
  /** Opens an account that is closed again afterwards. */
  stranger(): Promise<Stranger>;
  /** As somebody who has signed in. */
  signIn(person: Pick<Stranger, 'email' | 'password'>): Promise<Sojourn>;
  /** Done at the end, the last one first. */
  afterwards(what: () => PromiseLike<unknown>): void;
}

export async function openKitchen(
  ctx: CommandContext,
): Promise<{ kitchen: Kitchen; cleanUp: () => Promise<void> }> {
  const { signal } = ctx;
  const { url } = await ctx.connection();
  const chores: (() => PromiseLike<unknown>)[] = [];
  const kitchen: Kitchen = {
    client: await ctx.client(),
    signal,
    afterwards: (what) => void chores.push(what),
    async signIn({ email, password }) {
      const { accessToken } = await openClient(url).auth.login({ email, password }, { signal });
      return openClient(url, { accessToken });
    },
    async stranger() {
      const name = randomBytes(5).toString('hex');
      const [email, password] = [`trigger-${name}@example.com`, randomBytes(18).toString('base64url')];
      const account = { email, password, displayName: 'Made by sojourn trigger' };
      const { user, accessToken } = await openClient(url).auth.register(account, { signal });
      const person = { id: user.id, client: openClient(url, { accessToken }), email, password };
      chores.push(() => person.client.me.delete({ password: person.password }));
      return person;
    },
  };
  return { kitchen, cleanUp: () => cleanUp(ctx, chores) };
}

async function cleanUp({ io }: CommandContext, chores: (() => PromiseLike<unknown>)[]): Promise<void> {
  for (const chore of chores.reverse())
    try {
      await chore();
    } catch (error) {
      io.warn(`Something that was made for this stays: ${oneLine((error as Error).message)}`);
    }
}
