import type { Pool } from 'pg';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  observe(operationId: string, method: string, status: number, seconds: number): void;
  /** A measurement whose values, by their labels, are read when somebody asks. None means that it is not known now. */
  measure(gauge: MeasuredGauge): void;
  /** Prometheus text format. */
  text(): Promise<string>;
  contentType: string;
}

export interface MeasuredGauge {
  name: string;
  help: string;
  labelNames: readonly string[];
  read(): Promise<readonly [labels: Record<string, string>, value: number][]>;
}

export function openMetrics(pool: Pool): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    labelNames: ['operation', 'method', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  new Gauge({
    name: 'database_connections',
    help: 'Connections of the pool by state; `waiting` counts the requests that wait for one.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'waiting' }, pool.waitingCount);
    },
  });
  return {
    observe: (operation, method, status, seconds) => requests.observe({ operation, method, status }, seconds),
    measure: ({ name, help, labelNames, read }) =>
      void new Gauge({
        name,
        help,
        labelNames: [...labelNames],
        registers: [registry],
        async collect() {
          this.reset();
          // Without labels a reset gauge would say 0.
          if (labelNames.length === 0) this.remove();
          for (const [labels, value] of await read()) this.set(labels, value);
        },
      }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
