/** Choosing departments out of the tree, which loads as it is unfolded. */
import { TreeSelect } from 'antd';
import { useEffect, useState, type ReactElement } from 'react';
import type { Department } from './useDepartments.ts';
import { useLevels } from './useDepartments.ts';

interface Choice {
  id: string;
  pId: string | null;
  value: string;
  title: string;
  isLeaf: boolean;
}

function toChoice({ id, parentId, name, childCount }: Department): Choice {
  return { id, pId: parentId, value: id, title: name, isLeaf: childCount === 0 };
}

function useChoices(): { choices: Choice[]; unfold: (id: string) => Promise<void> } {
  const level = useLevels();
  const [choices, setChoices] = useState<Choice[]>([]);
  useEffect(() => {
    let left = false;
    level(null).then((departments) => {
      if (!left) setChoices(departments.map(toChoice));
    }).catch(() => undefined);
    return () => {
      left = true;
    };
  }, [level]);
  const unfold = async (id: string): Promise<void> => {
    const below = (await level(id)).map(toChoice);
    setChoices((known) => [...known.filter(({ pId }) => pId !== id), ...below]);
  };
  return { choices, unfold };
}

interface DepartmentSelectProps {
  label: string;
  value: string | null;
  placeholder?: string;
  /** A department that cannot be chosen, e.g. the one that is moved. */
  onChange: (id: string | null) => void;
}

export function DepartmentSelect({ label, value, placeholder, onChange }: DepartmentSelectProps): ReactElement {
  const { choices, unfold } = useChoices();
  return (
    <TreeSelect<string>
      treeDataSimpleMode treeData={choices} value={value ?? undefined} placeholder={placeholder} allowClear
      aria-label={label} style={{ width: '100%' }} loadData={({ value: id }) => unfold(String(id))}
      onChange={(id) => onChange(id ?? null)}
    />
  );
}

interface DepartmentsFieldProps {
  label: string;
  /** Given by the form. */
  id?: string;
  value?: string[];
  onChange?: (ids: string[]) => void;
}

export function DepartmentsField({ label, id, value, onChange }: DepartmentsFieldProps): ReactElement {
  const { choices, unfold } = useChoices();
  return (
    <TreeSelect<string[]>
      {...(id ? { id } : {})} multiple treeDataSimpleMode treeData={choices} value={value ?? []} aria-label={label}
      style={{ width: '100%' }} loadData={({ value: at }) => unfold(String(at))}
      onChange={(ids) => onChange?.(ids)}
    />
  );
}
