/** The time, to the minute, for texts such as *yesterday*. A hidden page is left alone. */
import { useEffect, useState } from 'react';

const MINUTE_MS = 60_000;

export function useMinute(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setNow(new Date());
    }, MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
