/** "speedKmPerHourMax" → "Speed km per hour, at most". */
export function settingWords(name: string): string {
  const bound = /(Max|Min)$/.exec(name)?.[1];
  const words = name.replace(/(Max|Min)$/, '').replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${bound === 'Max' ? ', at most' : bound === 'Min' ? ', at least' : ''}`;
}
