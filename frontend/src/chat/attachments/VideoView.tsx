/** A video in the conversation: its poster, and it plays where it stands (MSG-36). */
import PlayCircleFilled from '@ant-design/icons-svg/es/asn/PlayCircleFilled';
import { useRef, useState, type ReactElement } from 'react';
import { blurUrl } from '../../files/blur.ts';
import type { StoredFile } from '../../files/upload/types.ts';
import { formatDuration } from '../../files/words.ts';
import { useWords } from '../../i18n/react.ts';
import { Icon } from '../../ui/Icon.tsx';
import styles from './attachments.module.css';
import { pictureBox } from './box.ts';
import { FileCard } from './FileCard.tsx';
import { useFileUrl } from './useFileUrl.ts';

const PLAYED = /^video\/(?:mp4|webm)$/;

export function VideoView({ file }: { file: StoredFile }): ReactElement {
  const { t } = useWords();
  const [playing, setPlaying] = useState(false);
  const playable = PLAYED.test(file.contentType ?? '');
  const drawn = file.width !== null && file.height !== null;
  const poster = useFileUrl(drawn ? file.id : null, 'POSTER');
  if (!playable || !drawn) return <FileCard file={file} />;
  const box = pictureBox(file.width, file.height);
  const place = { width: box.width, aspectRatio: `${box.width} / ${box.height}` };
  if (playing) return <Player file={file} place={place} poster={poster.url} />;
  const blur = blurUrl(file.blur);
  const duration = file.durationMs === null ? '' : formatDuration(file.durationMs);
  return (
    <button
      type="button" className={styles['picture']} aria-label={`${t('files.play', { name: file.name })} ${duration}`.trim()} title={file.name}
      style={{ ...place, ...(blur ? { backgroundImage: `url(${blur})` } : {}) }} onClick={() => setPlaying(true)}
    >
      {poster.url ? <img src={poster.url} alt="" data-shown="" onError={poster.renew} /> : null}
      <span className={styles['play']}><Icon of={PlayCircleFilled} size={44} /></span>
      {duration ? <span className={styles['duration']}>{duration}</span> : null}
    </button>
  );
}

interface PlayerProps {
  file: StoredFile;
  place: { width: number; aspectRatio: string };
  poster: string | null;
}

/** An address that expired while it was paused is renewed, and it goes on where it was. */
function Player({ file, place, poster }: PlayerProps): ReactElement {
  const { url, failure, renew } = useFileUrl(file.id, 'ORIGINAL');
  const at_s = useRef(0);
  if (failure) return <FileCard file={file} />;
  return (
    <video
      className={styles['video']} style={place} controls autoPlay playsInline aria-label={file.name}
      {...(url ? { src: url } : {})} {...(poster ? { poster } : {})} onError={() => (url ? renew() : undefined)}
      onTimeUpdate={({ currentTarget }) => { at_s.current = currentTarget.currentTime; }}
      onLoadedMetadata={({ currentTarget }) => { if (at_s.current > 0) currentTarget.currentTime = at_s.current; }}
    />
  );
}
