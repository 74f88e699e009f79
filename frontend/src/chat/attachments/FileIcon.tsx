/** The icon of a kind of file, in its colour. */
import FileExcelOutlined from '@ant-design/icons-svg/es/asn/FileExcelOutlined';
import FileImageOutlined from '@ant-design/icons-svg/es/asn/FileImageOutlined';
import FileOutlined from '@ant-design/icons-svg/es/asn/FileOutlined';
import FilePdfOutlined from '@ant-design/icons-svg/es/asn/FilePdfOutlined';
import FilePptOutlined from '@ant-design/icons-svg/es/asn/FilePptOutlined';
import FileTextOutlined from '@ant-design/icons-svg/es/asn/FileTextOutlined';
import FileWordOutlined from '@ant-design/icons-svg/es/asn/FileWordOutlined';
import FileZipOutlined from '@ant-design/icons-svg/es/asn/FileZipOutlined';
import FolderOutlined from '@ant-design/icons-svg/es/asn/FolderOutlined';
import AudioOutlined from '@ant-design/icons-svg/es/asn/AudioOutlined';
import VideoCameraOutlined from '@ant-design/icons-svg/es/asn/VideoCameraOutlined';
import type { IconDefinition } from '@ant-design/icons-svg/es/types';
import type { ReactElement } from 'react';
import { lookOf, type FileLook } from '../../files/words.ts';
import { Icon } from '../../ui/Icon.tsx';
import styles from './attachments.module.css';

const ICONS: Record<FileLook, IconDefinition> = {
  image: FileImageOutlined, video: VideoCameraOutlined, audio: AudioOutlined, pdf: FilePdfOutlined, word: FileWordOutlined,
  sheet: FileExcelOutlined, slides: FilePptOutlined, archive: FileZipOutlined, text: FileTextOutlined, folder: FolderOutlined,
  file: FileOutlined,
};

interface FileIconProps {
  name: string;
  kind: string;
  size?: number;
}

export function FileIcon({ name, kind, size = 22 }: FileIconProps): ReactElement {
  const look = lookOf(name, kind);
  return <span className={styles['icon']} data-look={look}><Icon of={ICONS[look]} size={size} /></span>;
}
