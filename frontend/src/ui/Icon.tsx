/** One icon of Ant Design's set, drawn without its component library. Decorative: no name. */
import type { AbstractNode, IconDefinition } from '@ant-design/icons-svg/es/types';
import { createElement, type ReactElement } from 'react';

export interface IconProps {
  of: IconDefinition;
  size?: number;
  className?: string | undefined;
}

function draw(node: AbstractNode, index: number): ReactElement {
  return createElement(node.tag, { key: index, ...node.attrs }, node.children?.map(draw));
}

export function Icon({ of, size = 18, className }: IconProps): ReactElement | null {
  if (typeof of.icon === 'function') return null;
  const { viewBox } = of.icon.attrs;
  return (
    <svg
      viewBox={viewBox} width={size} height={size} fill="currentColor" aria-hidden="true"
      focusable="false" className={className}
    >
      {of.icon.children?.map(draw)}
    </svg>
  );
}
