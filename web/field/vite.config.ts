import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA, type ManifestOptions } from 'vite-plugin-pwa';

/** Where `npm run dev` finds the server; the built app is served by the server itself under /m/. */
const server = process.env.TASHI_SERVER ?? 'http://127.0.0.1:8080';

/** What a phone shows of the installed app. */
const manifest: Partial<ManifestOptions> = {
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
};

/** The same app in English; the page names the one of its language (`app/manifest.ts`). */
const english: Plugin = {
  name: 'manifest-en',
  generateBundle() {
    const words = { name: 'Tashi Field', short_name: 'Tashi', description: 'A day in the field: route, check-in, visits, photos, with or without a network', lang: 'en' };
    this.emitFile({ type: 'asset', fileName: 'manifest.en.webmanifest', source: JSON.stringify({ ...manifest, ...words }) });
  },
};

export default defineConfig({
  base: '/m/',
  plugins: [
    react(),
    english,
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'sw.ts',
      // Asked, never by itself: a reload in the middle of a visit would cost the person his place.
      registerType: 'prompt',
      injectRegister: null,
      scope: '/m/',
      manifest,
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
