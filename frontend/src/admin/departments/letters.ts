/** The letter of each action in the menu of a department. */
export const DEPARTMENT_LETTERS = { create: 'N', edit: 'E', move: 'M', delete: 'D' } as const;
