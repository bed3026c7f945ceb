import { defineConfig } from 'vitest/config';

const project = (name: string, root: string) => ({
  test: {
    name,
    root,
    include: ['{src,test,codegen}/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});

export default defineConfig({
  test: {
    globalSetup: 'packages/api/test/global-setup.ts',
    projects: [
      project('shared', 'packages/shared'),
      project('api', 'packages/api'),
      project('sdk', 'packages/sdk'),
      project('cli', 'packages/cli'),
      project('stripe-emulator', 'packages/stripe-emulator'),
      {
        test: {
          name: 'repository',
          root: '.',
          include: ['{test,scripts,bench}/**/*.test.{ts,mjs}'],
          testTimeout: 60_000,
        },
      },
    ],
  },
});
