import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

// Plain static files: no inline script or style, nothing from another host, so that the strictest content policy fits.
export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['wary-source', ...defaultClientConditions] },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: {
      '/v1': 'http://127.0.0.1:7400',
      '/socket.io': { target: 'http://127.0.0.1:7400', ws: true },
    },
  },
});
