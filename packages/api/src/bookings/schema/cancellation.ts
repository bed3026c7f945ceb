import { z } from 'zod';
import { StayMoney, StayRefundLine } from '../../pricing/stay-schema.ts';
import { eur, instant } from './parts.ts';

export const CancellationPreview = z
  .object({
    refund: StayMoney.meta({ description: 'What the guest would get back.' }),
    hostKeeps: StayMoney.meta({ description: 'What the host would still earn.' }),
    penalty: StayMoney.meta({ description: 'What the host would owe: only who cancels as the host does.' }),
    lines: z.array(StayRefundLine),
    policy: z.string().meta({ examples: ['moderate'] }),
    asOf: instant.meta({ description: 'Cancelling at this instant does exactly this.' }),
    until: instant.nullable().meta({
      description: 'When the refund changes next; null when it does not change any more.',
    }),
  })
  .meta({
    id: 'CancellationPreview',
    examples: [
      {
        refund: eur(48_000),
        hostKeeps: eur(0),
        penalty: eur(0),
        lines: [],
        policy: 'moderate',
        asOf: '2027-04-01T08:00:00.000Z',
        until: '2027-04-26T14:00:00.000Z',
      },
    ],
  });
