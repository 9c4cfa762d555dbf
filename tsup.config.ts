/** Compiles each source file to one CommonJS file: bundling would give every node its own copy of the core. */
import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/**/*.ts', 'nodes/**/*.ts'],
  format: 'cjs',
  target: 'node20',
  bundle: false,
  splitting: false,
  dts: false,
  clean: false,
  silent: true,
  outDir: 'dist',
});
