import { defineConfig, type UserConfig } from 'tsdown';

const config: UserConfig = defineConfig({
  entry: ['src/index.ts', 'src/webhooks.ts'],
  format: ['esm', 'cjs'],
  platform: 'node',
  target: 'node22.19',
  fixedExtension: false,
  dts: { generator: 'oxc' },
  clean: true,
});

export default config;
