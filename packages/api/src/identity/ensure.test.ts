import { afterAll, beforeAll, expect, test } from 'vitest';
import { type IdentityServer, PASSWORD, startIdentityServer } from '../../test/identity-server.ts';
import { ensureApiKey } from './service/ensure-api-key.ts';
import { ensureUser } from './service/ensure-user.ts';

let server: IdentityServer;
beforeAll(async () => {
  server = await startIdentityServer();
});
afterAll(() => server.stop());

const admin = {
  email: 'admin@example.com',
  displayName: 'Admin',
  role: 'admin' as const,
  password: 'keeper-lantern-1',
};
const login = (email: string, password: string) =>
  server.call('POST', '/v1/auth/login', { body: { email, password } });
const me = (token: string) => server.call('GET', '/v1/me', { token });

test('opens a verified account once, and brings it in line later', async () => {
  const first = await ensureUser(server.ctx, admin);
  expect(first).toMatchObject({
    created: true,
    account: { role: 'admin', emailVerifiedAt: expect.any(Date) },
  });
  const { body } = await login(admin.email, admin.password);
  expect(body.user).toMatchObject({ role: 'admin', emailVerified: true });

  const same = await ensureUser(server.ctx, admin);
  expect(same).toMatchObject({ created: false, account: { id: first.account.id } });
  expect((await me(body.accessToken)).status).toBe(200);

  const changed = await ensureUser(server.ctx, {
    ...admin,
    role: 'support',
    displayName: 'Helper',
    password: 'keeper-lantern-2',
  });
  expect(changed).toMatchObject({
    created: false,
    account: { id: first.account.id, role: 'support', displayName: 'Helper' },
  });
  expect((await me(body.accessToken)).status).toBe(401);
  expect((await login(admin.email, admin.password)).status).toBe(401);
  expect((await login(admin.email, 'keeper-lantern-2')).body.user.role).toBe('support');
});

test('leaves alone an account that merely carries the address', async () => {
  const squatter = await server.person('boss@example.com');
  const { account } = await ensureUser(server.ctx, { ...admin, email: 'boss@example.com' });
  expect((await me(squatter.accessToken)).body).toMatchObject({ role: 'user', emailVerified: false });
  expect((await login('boss@example.com', PASSWORD)).body.user.role).toBe('user');
  expect((await login('boss@example.com', admin.password)).body.user.role).toBe('admin');
  expect(account.role).toBe('admin');
});

test('refuses a weak password like everybody’s', async () => {
  await expect(
    ensureUser(server.ctx, { ...admin, email: 'weak@example.com', password: 'password1' }),
  ).rejects.toMatchObject({ errors: [{ code: 'password_too_weak' }] });
});

test('a kept key stays while it is good; otherwise a new one takes the place of its name', async () => {
  const { account } = await ensureUser(server.ctx, { ...admin, email: 'keys@example.com' });
  const wanted = { userId: account.id, name: 'development', scopes: ['profile:read' as const] };
  const first = await ensureApiKey(server.ctx, { ...wanted, kept: undefined });
  expect((await me(first)).body.email).toBe('keys@example.com');
  expect(await ensureApiKey(server.ctx, { ...wanted, kept: first })).toBe(first);

  const wider = await ensureApiKey(server.ctx, { ...wanted, scopes: ['profile:read', 'admin'], kept: first });
  expect(wider).not.toBe(first);
  expect((await me(first)).status).toBe(401);
  expect((await me(wider)).status).toBe(200);

  const other = await ensureUser(server.ctx, { ...admin, email: 'keys-other@example.com' });
  expect(await ensureApiKey(server.ctx, { ...wanted, userId: other.account.id, kept: wider })).not.toBe(
    wider,
  );
  expect((await me(wider)).status).toBe(200);
});
