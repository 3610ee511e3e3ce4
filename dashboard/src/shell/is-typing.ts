/** Keys pressed in a field or a dialog belong to it. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('[role="dialog"], [role="listbox"], [role="menu"]'))
    return true;
  return ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}
