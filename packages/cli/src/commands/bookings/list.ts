import type { BookingStatus } from '@sojourn/shared/vocabulary';
import type { CommandContext } from '../../command-context.ts';
import { price } from '../../price.ts';
import { table } from '../../render.ts';
import { showList } from '../paging.ts';
import { paintStatus, statusText } from './status.ts';

interface Options {
  role: 'guest' | 'host';
  status?: BookingStatus;
  listing?: string;
  limit?: number;
  cursor?: string;
  all?: true;
}

export async function run(ctx: CommandContext, _args: [], options: Options): Promise<void> {
  const { io, json, signal } = ctx;
  const { all = false, listing, ...query } = options;
  const { bookings } = await ctx.client();
  const list = bookings.list(
    { ...query, ...(listing !== undefined && { listingId: listing }), ...(all && { limit: 100 }) },
    { signal },
  );
  let shown = 0;
  await showList(ctx, list, {
    all,
    draw: ({ data }) => {
      shown += data.length;
      return table(
        data,
        [
          {
            title: 'STATUS',
            text: ({ status }) => statusText(status),
            style: (cell, { status }) => paintStatus(status, io.paint.out)(cell),
          },
          { title: 'CHECK-IN', text: ({ checkIn }) => checkIn },
          { title: 'NIGHTS', text: ({ nights }) => String(nights), align: 'right', dropFirst: 1 },
          { title: 'GUESTS', text: ({ guests }) => String(guests), align: 'right', dropFirst: 2 },
          { title: 'LISTING', text: ({ listingTitle }) => listingTitle, flexible: true },
          { title: 'TOTAL', text: ({ total }) => price(total), align: 'right' },
          { title: 'ID', text: ({ id }) => id, style: (cell) => io.paint.out.dim(cell) },
        ],
        io.columns,
        io.paint.out,
      );
    },
  });
  if (shown === 0 && !json) io.say(noneText(options));
}

const noneText = ({ role, status, listing }: Options) =>
  status !== undefined || listing !== undefined
    ? 'No bookings like that.'
    : role === 'host'
      ? 'Nobody has booked a home of yours yet.'
      : 'You have booked nothing yet. Stays in homes of yours: sojourn bookings list --role host';
