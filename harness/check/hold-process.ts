/** Keeps the process alive, as a timer of the clock does not, until what it returns is called. */
export function holdProcess(): () => void {
  const { port1 } = new MessageChannel();
  port1.ref();
  return () => {
    port1.close();
  };
}
