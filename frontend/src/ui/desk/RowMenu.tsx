/** What can be done with one row: a menu in which every action has a letter of its own. */
import MoreOutlined from '@ant-design/icons-svg/es/asn/MoreOutlined';
import { Button, Dropdown } from 'antd';
import { useEffect, useState, type ReactElement } from 'react';
import { Icon } from '../Icon.tsx';

export interface RowAction {
  key: string;
  label: string;
  /** One upper-case letter; it works while the menu is open. */
  letter: string;
  danger?: boolean;
  onClick: () => void;
}

export interface RowMenuProps {
  label: string;
  actions: readonly RowAction[];
  quiet?: boolean;
}

export function RowMenu({ label, actions, quiet }: RowMenuProps): ReactElement {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!open) return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const action = actions.find(({ letter }) => letter === event.key.toUpperCase());
      if (!action) return;
      event.preventDefault();
      setOpen(false);
      action.onClick();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [open, actions]);
  const items = actions.map(({ key, label: text, letter, danger, onClick }) => (
    { key, label: text, extra: letter, danger: danger ?? false, onClick }
  ));
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight" open={open} onOpenChange={setOpen} autoFocus>
      <Button
        size="small" type={quiet ? 'text' : 'default'} icon={<Icon of={MoreOutlined} size={16} />} aria-label={label}
        aria-haspopup="menu" aria-expanded={open}
      />
    </Dropdown>
  );
}
