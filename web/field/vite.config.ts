import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/** Where `npm run dev` finds the server; the built app is served by the server itself under /m/. */
const server = process.env.TASHI_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/m/',
  plugins: [
    react(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'sw.ts',
      // Asked, never by itself: a reload in the middle of a visit would cost the person his place.
      registerType: 'prompt',
      injectRegister: null,
      scope: '/m/',
      manifest: {
        id: '/m/',
        name: '踏实外勤',
        short_name: '踏实外勤',
        description: '外勤人员的一天：路线、签到、拜访、拍照，没网也能用',
        lang: 'zh-CN',
        start_url: '/m/',
        scope: '/m/',
        display: 'standalone',
        orientation: 'portrait',
        background_color: '#F6F5F1',
        theme_color: '#0F766E',
        icons: [
          { src: 'icons/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: 'icons/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: 'icons/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
      injectManifest: {
        globPatterns: ['**/*.{js,mjs,css,html,png,svg,webmanifest}'],
        maximumFileSizeToCacheInBytes: 3 * 1024 * 1024,
      },
      devOptions: { enabled: false },
    }),
  ],
  build: { target: 'es2022', outDir: 'dist', sourcemap: false, chunkSizeWarningLimit: 1100 },
  server: { proxy: { '/api': { target: server, changeOrigin: false } } },
});
