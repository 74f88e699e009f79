/** Files dragged over the conversation and let go there. */
import { useRef, useState, type DragEvent } from 'react';
import { gatherDropped, type Gathered } from './gather.ts';

function carriesFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer.types.includes('Files');
}

export function useDrop(onGathered: (gathered: Gathered) => void) {
  const [over, setOver] = useState(false);
  /** Entering a child comes before leaving its parent: only the count tells whether one is outside. */
  const depth = useRef(0);
  const handlers = {
    onDragEnter: (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth.current += 1;
      setOver(true);
    },
    onDragOver: (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    },
    onDragLeave: (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth.current = Math.max(depth.current - 1, 0);
      if (depth.current === 0) setOver(false);
    },
    onDrop: (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth.current = 0;
      setOver(false);
      // A directory that cannot be read, e.g. one that was just removed, leaves the tray as it is.
      void gatherDropped(event.dataTransfer).then(onGathered, () => undefined);
    },
  };
  return { over, handlers };
}
