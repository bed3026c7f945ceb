import { CANCELLATION_POLICIES, PROPERTY_TYPES, ROOM_TYPES } from '@sojourn/shared/listing';
import { expect, it } from 'vitest';
import * as vocabulary from './vocabulary.ts';

it('says what the schema says', () => {
  expect(vocabulary.ROOM_TYPES).toEqual(ROOM_TYPES);
  expect(vocabulary.PROPERTY_TYPES).toEqual(PROPERTY_TYPES);
  expect(vocabulary.CANCELLATION_POLICIES).toEqual(CANCELLATION_POLICIES);
});
