import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds the server; the built console is served by the server itself. */
const server = process.env.TASHI_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/',
  plugins: [react()],
  build: { target: 'es2022', outDir: 'dist', sourcemap: false, manifest: true, chunkSizeWarningLimit: 1100 },
  server: { proxy: { '/api': { target: server, changeOrigin: false } } },
});
