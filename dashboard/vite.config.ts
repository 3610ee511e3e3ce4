import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = 'http://127.0.0.1:4318';

/**
 * Everything is a file of its own with a hash in its name (`assetsInlineLimit: 0`), so that a strict
 * Content-Security-Policy needs no `data:` for fonts and scripts.
 */
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: {
    port: 5173,
    strictPort: false,
    proxy: {
      '/api': server,
      '/v1': server,
      '/live': { target: server, ws: true },
    },
  },
});
