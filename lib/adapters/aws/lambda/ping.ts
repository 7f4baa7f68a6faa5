/** Asks an address whose owner waits to hear of us. @throws Error where it does not answer 2xx */
export async function ping(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000), redirect: "follow" });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the heartbeat address answers ${response.status}`);
}
