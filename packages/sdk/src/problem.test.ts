import { describe, expect, test } from 'vitest';
import {
  ApiError,
  AuthenticationError,
  apiError,
  ConflictError,
  NotBookableError,
  NotFoundError,
  PermissionError,
  PreconditionFailedError,
  parseProblem,
  RateLimitError,
  ServerError,
  ValidationError,
} from './problem.ts';
import { SojournError } from './sojourn-error.ts';

const errorOf = (status: number, problem: object, headers: Record<string, string> = {}) =>
  apiError({ status, headers, problem: parseProblem(status, JSON.stringify(problem)), attempts: 1 });

describe('classes', () => {
  test.each([
    [400, ValidationError],
    [401, AuthenticationError],
    [403, PermissionError],
    [404, NotFoundError],
    [405, ApiError],
    [409, ConflictError],
    [410, NotFoundError],
    [412, PreconditionFailedError],
    [413, ValidationError],
    [415, ValidationError],
    [422, ValidationError],
    [429, RateLimitError],
    [500, ServerError],
    [503, ServerError],
    [599, ServerError],
  ])('%i is a %o', (status, Class) => {
    const error = errorOf(status, { code: 'some_code' });
    expect(error.constructor).toBe(Class);
    expect(error.name).toBe(Class.name);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toBeInstanceOf(SojournError);
    expect(error.stack).toContain(`${Class.name}: `);
    expect(Object.keys(error)).not.toContain('name');
  });
});

test('an error says what, where and which request', () => {
  const problem = {
    type: 'https://example.com/problems/invalid_request',
    title: 'The request has invalid values',
    detail: 'Two values are wrong',
    status: 422,
    code: 'invalid_request',
    requestId: 'req-7',
    errors: [
      { pointer: '/title', code: 'too_small', message: 'must not be empty' },
      { pointer: '', code: 'x', message: 'must have a price' },
      { pointer: '/c', code: 'x', message: 'c' },
      { pointer: '/d', code: 'x', message: 'd' },
    ],
    hint: 'a member of a newer server',
  };
  const error = errorOf(422, problem);
  expect(error.message).toBe(
    'The request has invalid values; /title: must not be empty; /: must have a price; /c: c; and 1 more (422 invalid_request, request req-7)',
  );
  expect(error).toMatchObject({
    code: 'invalid_request',
    status: 422,
    requestId: 'req-7',
    detail: 'Two values are wrong',
    problem,
  });
  expect(error.errors).toHaveLength(4);
});

test('an error without errors says its detail', () => {
  expect(errorOf(404, { code: 'x', title: 'Not there', detail: 'There is no GET /a.' }).message).toBe(
    'There is no GET /a (404 x)',
  );
  expect(errorOf(404, { code: 'x', title: 'Not there' }).message).toBe('Not there (404 x)');
});

test('the request id comes from the header when the problem has none', () => {
  expect(errorOf(404, { code: 'x' }, { 'request-id': 'req-8' }).requestId).toBe('req-8');
});

describe('a stay that cannot be booked', () => {
  const reasons = [{ code: 'min_nights', detail: 'Stays from 2027-05-01 have at least 3 nights.' }];
  const alternatives = [
    { checkIn: '2027-05-01', checkOut: '2027-05-04', total: { amount: 36_000, currency: 'EUR' } },
  ];

  test('says all the reasons, and what can be booked instead', () => {
    const error = errorOf(422, { code: 'not_bookable', title: 'Not bookable', reasons, alternatives });
    expect(error).toBeInstanceOf(NotBookableError);
    expect(error).toBeInstanceOf(ValidationError);
    expect(error.name).toBe('NotBookableError');
    expect(error).toMatchObject({ reasons, alternatives });
  });

  test.each([undefined, 'x', [null, 7]])('%j for lists of them are none', (odd) => {
    const error = errorOf(422, { code: 'not_bookable', reasons: odd, alternatives: odd });
    expect(error).toMatchObject({ reasons: [], alternatives: [] });
  });
});

test('retryAfter is in seconds', () => {
  expect(errorOf(429, { code: 'rate_limited' }, { 'retry-after': '12' })).toMatchObject({ retryAfter: 12 });
  expect(errorOf(429, { code: 'rate_limited' })).toMatchObject({ retryAfter: undefined });
});

test.each(['<html>Bad gateway</html>', '', 'null', '[]', '"text"', '{"message":"no code"}', '{"code":7}'])(
  '%j is an answer of something else',
  (text) => {
    const error = apiError({ status: 502, headers: {}, problem: parseProblem(502, text), attempts: 3 });
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({ code: 'unexpected_response', status: 502, errors: [], attempts: 3 });
    expect(error.message).not.toContain('<html>');
  },
);

test('a problem with members of the wrong type is survived', () => {
  const error = errorOf(422, {
    code: 'x',
    title: 7,
    detail: {},
    requestId: [],
    errors: ['a', null, { pointer: '/a', message: 'b' }],
  });
  expect(error).toMatchObject({
    detail: undefined,
    requestId: undefined,
    errors: [{ pointer: '/a', message: 'b' }],
  });
});
