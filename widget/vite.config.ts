import { defineConfig } from 'vite';

/**
 * Two files that stand alone: `widget.js`, a classic script in a function of its own, so that nothing of it
 * becomes a global of the page; and with `--mode screenshot` the module that it loads when a person asks for a
 * screenshot.
 */
export default defineConfig(({ mode }) => {
  const screenshot = mode === 'screenshot';
  return {
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: '../dist/widget',
      emptyOutDir: false,
      target: 'es2020',
      sourcemap: false,
      reportCompressedSize: false,
      modulePreload: { polyfill: false },
      lib: screenshot
        ? { entry: 'src/screenshot/screenshot.ts', formats: ['es'], fileName: () => 'widget-screenshot.js' }
        : { entry: 'src/widget.ts', formats: ['iife'], name: 'lemniWidget', fileName: () => 'widget.js' },
    },
  };
});
