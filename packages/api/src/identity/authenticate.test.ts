import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type IdentityServer, startIdentityServer } from '../../test/identity-server.ts';
import { SCOPES } from '../platform/actor.ts';
import { openKeyring } from '../platform/secrets.ts';
import { newApiKeyText } from './api-key-text.ts';
import { authenticate } from './authenticate.ts';

const MADE_AT_ONCE = Number(process.env.FORGED_TOKENS ?? 10_000);
const SECOND_MS = 1_050;

let server: IdentityServer;
let person: Awaited<ReturnType<IdentityServer['person']>>;
beforeAll(async () => {
  server = await startIdentityServer();
  person = await server.person();
});
afterAll(() => server.stop());
afterEach(() => {
  server.clock.aheadMs = 0;
});

const actorOf = (credential: string) => authenticate(server.resources, credential);
const pass = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const statementsOf = async (work: () => Promise<unknown>) => {
  const before = server.statements.count;
  await work();
  return server.statements.count - before;
};
const newKey = async () =>
  (
    await server.call('POST', '/v1/api-keys', {
      token: person.accessToken,
      body: { name: 'k', scopes: ['profile:read'] },
    })
  ).body as { id: string; key: string };

describe('an access token', () => {
  test('is its user with all scopes but admin', async () => {
    expect(await actorOf(person.accessToken)).toEqual({
      userId: expect.any(String),
      role: 'user',
      scopes: new Set(SCOPES.filter((scope) => scope !== 'admin')),
      sessionId: expect.any(String),
      apiKeyId: null,
    });
  });

  test('is verified by anybody with the published keys', async () => {
    const { body } = await server.call('GET', '/.well-known/jwks.json');
    expect(body.keys).toEqual([
      {
        kty: 'OKP',
        crv: 'Ed25519',
        alg: 'EdDSA',
        use: 'sig',
        kid: server.resources.keyring.signing.id,
        x: expect.any(String),
      },
    ]);
    const keys = createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(person.accessToken, keys, { audience: 'sojourn-api', typ: 'at+jwt' });
    expect(payload).toMatchObject({
      sub: person.id,
      iss: `http://localhost:${server.resources.config.port}`,
      aud: 'sojourn-api',
    });
    expect(payload.exp! - payload.iat!).toBe(900);
  });

  test('ends after fifteen minutes, also when it was seen before', async () => {
    const { accessToken } = await server.person();
    server.clock.aheadMs = 898_000;
    expect(await actorOf(accessToken)).toBeDefined();
    server.clock.aheadMs = 901_000;
    expect(await actorOf(accessToken)).toBeUndefined();
  });

  test('is still good after the secret was replaced, until the old one is dropped', async () => {
    const { config, db, clock } = server.resources;
    const [older, newer] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
    const under = (...secrets: [string, ...string[]]) => ({
      ...server.resources,
      keyring: openKeyring(secrets),
    });
    const { signAccessToken } = await import('./access-token.ts');
    const actor = (await actorOf(person.accessToken))!;
    const token = await signAccessToken(
      { ...server.ctx, config, db, clock, keyring: openKeyring([older]) },
      { userId: actor.userId, sessionId: actor.sessionId! },
    );
    expect(await authenticate(under(newer, older), token)).toEqual(actor);
    expect(await authenticate(under(newer), token)).toBeUndefined();
  });
});

describe('the database is asked', () => {
  test('once for everybody who comes within a second', async () => {
    const { accessToken } = await server.person();
    expect(
      await statementsOf(() => Promise.all(Array.from({ length: 100 }, () => actorOf(accessToken)))),
    ).toBe(1);
    expect(await statementsOf(() => actorOf(accessToken))).toBe(0);
    await pass(SECOND_MS);
    expect(
      await statementsOf(() => Promise.all(Array.from({ length: 100 }, () => actorOf(accessToken)))),
    ).toBe(1);
  });

  test('not at all for a key that is mistyped, of the other mode, or no key', async () => {
    const { key } = await newKey();
    const mistyped = `${key.slice(0, 20)}${key[20] === '0' ? '1' : '0'}${key.slice(21)}`;
    for (const text of [
      mistyped,
      newApiKeyText('live'),
      'sjn_test_',
      'sjn_',
      '',
      'rt_x',
      person.refreshToken,
    ])
      expect(await statementsOf(async () => expect(await actorOf(text), text).toBeUndefined()), text).toBe(0);
  });

  test('once a second for a key that does not exist', async () => {
    const key = newApiKeyText('sandbox');
    expect(await statementsOf(() => Promise.all(Array.from({ length: 50 }, () => actorOf(key))))).toBe(1);
    expect(await actorOf(key)).toBeUndefined();
  });

  test('again when it did not answer', async () => {
    const { accessToken } = await server.person();
    const broken = {
      ...server.resources,
      db: new Proxy(server.resources.db, {
        get: () => () => {
          throw new Error('no database');
        },
      }),
    };
    await expect(authenticate(broken, accessToken)).rejects.toThrow('no database');
    expect(await actorOf(accessToken)).toBeDefined();
  });
});

describe('what another process ended stops within a second', () => {
  const stopsAfter = async (credential: string, statement: string, value: string) => {
    expect(await actorOf(credential)).toBeDefined();
    await server.sql(statement, [value]);
    await pass(SECOND_MS);
    expect(await actorOf(credential)).toBeUndefined();
  };

  test('a session', async () => {
    const { accessToken, email } = await server.person();
    await stopsAfter(
      accessToken,
      "update sessions set ended_at = now(), ended_reason = 'revoked' from users u where u.id = user_id and u.email = $1",
      email,
    );
  });
  test('a key', async () => {
    const { key } = await newKey();
    await stopsAfter(key, 'update api_keys set revoked_at = now() where prefix = $1', key.slice(0, 12));
  });
  test('the sessions and keys of a suspended person', async () => {
    const { accessToken, email } = await server.person();
    const { body } = await server.call('POST', '/v1/api-keys', {
      token: accessToken,
      body: { name: 'k', scopes: ['profile:read'] },
    });
    expect(await actorOf(body.key)).toBeDefined();
    await stopsAfter(accessToken, "update users set status = 'suspended' where email = $1", email);
    expect(await actorOf(body.key)).toBeUndefined();
  });
});

describe('forged tokens', () => {
  const base64 = (value: unknown) =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

  async function forge() {
    const { keyring, config } = server.resources;
    const [head, payload, signature] = person.accessToken.split('.') as [string, string, string];
    const header = decodeProtectedHeader(person.accessToken);
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const stranger = generateKeyPairSync('ed25519');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const publicPem = keyring.signing.publicKey.export({ format: 'pem', type: 'spki' });
    const publicDer = keyring.signing.publicKey.export({ format: 'der', type: 'spki' });
    const rawPublic = Buffer.from(keyring.signing.publicKey.export({ format: 'jwk' }).x!, 'base64url');

    const signed = (protectedHeader: object, body: object, key = keyring.signing.privateKey) => {
      const text = `${base64(protectedHeader)}.${base64(body)}`;
      return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
    };
    const mac = (algorithm: string, secret: string | Buffer, body: object = claims) => {
      const text = `${base64({ ...header, alg: `HS${algorithm}` })}.${base64(body)}`;
      return `${text}.${createHmac(`sha${algorithm}`, secret).update(text).digest('base64url')}`;
    };
    const rsaText = `${base64({ ...header, alg: 'RS256' })}.${base64(claims)}`;
    const random = (max: number) => randomBytes(4).readUInt32BE() % max;
    const flip = (text: string) => {
      const at = random(text.length);
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
      return text.slice(0, at) + alphabet[random(alphabet.length)] + text.slice(at + 1);
    };

    // Our own signature shows that the harness forges well: it must be the claims that are refused, not the form.
    expect(await actorOf(signed(header, claims))).toBeDefined();

    const kinds: (() => string | Promise<string>)[] = [
      () =>
        `${base64({ ...header, alg: ['none', 'None', 'NONE', ''][random(4)] })}.${payload}.${random(2) ? '' : signature}`,
      () =>
        mac(
          ['256', '384', '512'][random(3)]!,
          [publicPem, publicDer, rawPublic, keyring.signing.id, ''][random(5)]!,
        ),
      () => `${rsaText}.${sign('sha256', Buffer.from(rsaText), rsa.privateKey).toString('base64url')}`,
      () => signed(header, { ...claims, jti: String(random(1e9)) }, stranger.privateKey),
      () =>
        signed({ ...header, jwk: stranger.publicKey.export({ format: 'jwk' }) }, claims, stranger.privateKey),
      () =>
        signed(
          { ...header, kid: [undefined, '', 'x', '__proto__', '../../key', null, 7][random(7)] },
          claims,
        ),
      () =>
        signed(header, {
          ...claims,
          aud: ['other-api', '', undefined, ['other'], 'SOJOURN-API', null, {}][random(7)],
        }),
      () =>
        signed(header, {
          ...claims,
          iss: ['https://evil.example', '', undefined, `${config.publicUrl}`, null][random(5)],
        }),
      () =>
        signed({ ...header, typ: ['JWT', 'jwt', 'rt+jwt', undefined, '', 'at', null][random(7)] }, claims),
      () => signed({ ...header, crit: ['exp'] }, claims),
      () => signed({ ...header, b64: false, crit: ['b64'] }, claims),
      () =>
        signed(header, {
          ...claims,
          exp: [claims.iat - 1 - random(1e6), 0, -1, undefined, null, '9999999999', {}, 'Infinity'][
            random(8)
          ],
        }),
      () => signed(header, { ...claims, nbf: claims.iat + 3_600 }),
      () =>
        signed(header, {
          ...claims,
          sub: [undefined, '', 'usr_x', 7, 'ses_00000000000000000000000000', null][random(6)],
        }),
      () =>
        signed(header, {
          ...claims,
          sid: [undefined, '', 'ses_00000000000000000000000000', claims.sub, {}, null][random(6)],
        }),
      () => `${head}.${base64({ ...claims, sub: 'usr_00000000000000000000000000' })}.${signature}`,
      () => `${head}.${payload}.${randomBytes(64).toString('base64url')}`,
      () => person.accessToken.slice(0, random(person.accessToken.length)),
      () => person.accessToken.slice(1 + random(person.accessToken.length - 1)),
      () => flip(person.accessToken),
      () => `${person.accessToken}${['.', '.x', '=', 'A', ' '][random(5)]}`,
      () =>
        `${base64({ ...header, zip: 'DEF', enc: 'A256GCM', alg: 'dir' })}..${randomBytes(12).toString('base64url')}.${payload}.${signature}`,
      () => randomBytes(random(300)).toString(['base64url', 'latin1', 'utf8'][random(3)] as BufferEncoding),
      () => `${base64('{')}.${base64('null')}.${signature}`,
      () => `${base64('null')}.${payload}.${signature}`,
      () =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: keyring.signing.id })
          .sign(rawPublic),
    ];
    return kinds;
  }

  test(`${MADE_AT_ONCE} of all kinds: none is accepted, none is an error`, { timeout: 120_000 }, async () => {
    const kinds = await forge();
    const accepted: string[] = [];
    for (let made = 0; made < MADE_AT_ONCE; ) {
      const batch = await Promise.all(
        Array.from({ length: 100 }, (_, i) => kinds[(made + i) % kinds.length]!()),
      );
      made += batch.length;
      const actors = await Promise.all(batch.map(actorOf));
      batch.forEach((token, i) => {
        // Changing one character may change nothing, or only bits beyond the end of base64.
        if (actors[i] && !sameToken(token)) accepted.push(token);
      });
    }
    expect(accepted).toEqual([]);
  });

  const sameToken = (token: string) =>
    token
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('hex'))
      .join() ===
    person.accessToken
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('hex'))
      .join();

  test('are answered 401 with a challenge', async () => {
    const answer = await server.call('GET', '/v1/me', { token: `${person.accessToken}x` });
    expect(answer.body).toMatchObject({ status: 401, code: 'invalid_credentials' });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });
});
