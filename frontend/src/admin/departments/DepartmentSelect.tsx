/** Choosing departments out of the tree, which loads as it is unfolded. */
import { TreeSelect } from 'antd';
import { useCallback, useEffect, useState, type ReactElement } from 'react';
import type { Department } from './useDepartments.ts';
import { fetchAncestors, useLevels } from './useDepartments.ts';

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

interface Choices {
  choices: Choice[];
  /** False while the names of what is chosen are on their way. */
  ready: boolean;
  unfold: (id: string) => Promise<void>;
}

/** The first level, the levels down to what is chosen, and what is unfolded. */
function useChoices(chosen: readonly string[]): Choices {
  const level = useLevels();
  const [choices, setChoices] = useState<Choice[]>([]);
  const [first, setFirst] = useState(false);
  const unfold = useCallback(async (id: string): Promise<void> => {
    const below = (await level(id)).map(toChoice);
    setChoices((known) => [...known.filter(({ pId }) => pId !== id), ...below]);
  }, [level]);
  useEffect(() => {
    let left = false;
    level(null).then((departments) => {
      if (left) return;
      setChoices(departments.map(toChoice));
      setFirst(true);
    }).catch(() => undefined);
    return () => {
      left = true;
    };
  }, [level]);
  const known = new Set(choices.map(({ id }) => id));
  const missing = chosen.find((id) => !known.has(id)) ?? null;
  useEffect(() => {
    if (!first || missing === null) return;
    const reveal = async (): Promise<void> => {
      for (const above of await fetchAncestors(missing)) await unfold(above);
    };
    reveal().catch(() => undefined);
  }, [first, missing, unfold]);
  return { choices, ready: missing === null, unfold };
}

interface DepartmentSelectProps {
  label: string;
  value: string | null;
  placeholder?: string;
  onChange: (id: string | null) => void;
}

export function DepartmentSelect({ label, value, placeholder, onChange }: DepartmentSelectProps): ReactElement {
  const { choices, ready, unfold } = useChoices(value === null ? [] : [value]);
  return (
    <TreeSelect<string>
      treeDataSimpleMode treeData={choices} value={ready ? (value ?? undefined) : undefined} placeholder={placeholder} allowClear
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
  const { choices, ready, unfold } = useChoices(value ?? []);
  return (
    <TreeSelect<string[]>
      {...(id ? { id } : {})} multiple treeDataSimpleMode treeData={choices} value={ready ? (value ?? []) : []}
      disabled={!ready} aria-label={label}
      style={{ width: '100%' }} loadData={({ value: at }) => unfold(String(at))}
      onChange={(ids) => onChange?.(ids)}
    />
  );
}
