/** Choosing pictures, files or a directory (MSG-07 to MSG-09). */
import FolderAddOutlined from '@ant-design/icons-svg/es/asn/FolderAddOutlined';
import PaperClipOutlined from '@ant-design/icons-svg/es/asn/PaperClipOutlined';
import PictureOutlined from '@ant-design/icons-svg/es/asn/PictureOutlined';
import { useCallback, useRef, type ChangeEvent, type ReactElement, type RefObject } from 'react';
import { useWords } from '../../i18n/react.ts';
import { IconButton } from '../../ui/Button.tsx';
import { gatherChosen, type Gathered } from '../files/gather.ts';
import { useAltKey } from '../useAltKey.ts';

const PICTURES = { accept: 'image/*,video/*', multiple: true };
const FILES = { multiple: true };
/** Every browser chooses a directory by this name, none by another. */
const DIRECTORY = { webkitdirectory: '', multiple: true };

export function AttachButtons({ onGathered }: { onGathered: (gathered: Gathered) => void }): ReactElement {
  const { t } = useWords();
  const files = useRef<HTMLInputElement>(null);
  const pictures = useRef<HTMLInputElement>(null);
  const directory = useRef<HTMLInputElement>(null);
  useAltKey('KeyU', useCallback(() => files.current?.click(), []));
  const choosers = [
    { icon: PictureOutlined, label: t('files.addPicture'), input: PICTURES, chooser: pictures },
    { icon: PaperClipOutlined, label: t('files.addFile'), input: FILES, chooser: files },
    { icon: FolderAddOutlined, label: t('files.addFolder'), input: DIRECTORY, chooser: directory },
  ];
  return <>{choosers.map((one) => <Chooser key={one.label} {...one} onGathered={onGathered} />)}</>;
}

interface ChooserProps {
  icon: Parameters<typeof IconButton>[0]['icon'];
  label: string;
  input: object;
  chooser: RefObject<HTMLInputElement | null>;
  onGathered: (gathered: Gathered) => void;
}

function Chooser({ icon, label, input, chooser, onGathered }: ChooserProps): ReactElement {
  const onChange = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    const chosen = [...(target.files ?? [])];
    // The same file may be chosen once more.
    target.value = '';
    if (chosen.length > 0) onGathered(gatherChosen(chosen));
  };
  return (
    <>
      <IconButton icon={icon} label={label} onClick={() => chooser.current?.click()} />
      <input ref={chooser} type="file" hidden aria-label={label} onChange={onChange} {...input} />
    </>
  );
}
