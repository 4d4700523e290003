// The way out: a worker that does nothing and takes itself away. It touches nothing that is kept.

declare const self: ServiceWorkerGlobalScope;

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.registration.unregister()));

export {};
