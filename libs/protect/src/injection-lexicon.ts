/**
 * Words of the attacks, by what they do in the sentence; folded forms (lower case, no accents), in English, German, French, Spanish and Italian.
 * Written from the techniques (OWASP LLM01, ATLAS AML.T0051 and T0054), not from any collection of prompts.
 */
export const WORDS = {
  ignore: 'ignore disregard forget override overrule overwrite neglect dismiss discard bypass circumvent ignoring disregarding forgetting ignoriere ignorieren vergiss vergessen missachte ignorez oublie oubliez ignora ignorad olvida olvide dimentica dimenticate ignorare',
  prior: 'previous prior above earlier preceding foregoing former before initial original existing old past vorherigen vorherige bisherigen obigen alten precedentes precedente anteriores anterior previas previos precedenti precedente iniziali initiales iniciales',
  rules: 'instruction instructions prompt prompts rule rules guideline guidelines directive directives directions command commands constraint constraints restriction restrictions policy policies programming orders guardrails safeguards anweisung anweisungen regel regeln befehle vorgaben richtlinien consigne consignes regle regles directives instrucciones instruccion reglas ordenes directrices istruzioni istruzione regole direttive',
  all: 'all any every everything anything whatever alle alles alles tout toutes tous todo todas todos tutto tutte tutti',
  your: 'your youre deine deinen deiner ihre ihren ihrer tes vos ton votre tus tu sus tue tuoi vostre',
  told: 'told said given instructed learned learnt know trained taught gesagt gelernt besprochen discussed agreed dit appris dicho aprendido detto imparato',
  not: 'not dont t never cannot didnt doesnt shouldnt nicht jamais nunca non',
  first: 'i we they he she users people customers someone developers students',
  reveal: 'reveal show print repeat output display tell give share expose leak disclose recite echo dump write translate summarize summarise quote copy paste spell provide list state describe return what whats see encode access continue complete zeige zeig nenne wiederhole gib verrate verraten montre montrez affiche affichez revele revelez repete repetez donne muestra muestrame revela repite imprime dime mostra mostrami rivela ripeti stampa',
  system: 'system systemprompt preprompt initial original hidden secret internal confidential developer base exact underlying core systemanweisung systemanweisungen systeme sistema',
  orders: 'preamble preprompt systemanweisung systemanweisungen prompt prompts instructions instruction rules guidelines directives systemprompt anweisungen regeln consignes instrucciones reglas istruzioni regole',
  text: 'text words everything content contents lines sentences paragraph output input conversation',
  verbatim: 'verbatim exactly literally unchanged wortwortlich textuellement literalmente',
  act: 'act pretend roleplay simulate imagine behave impersonate emulate persona character become are stell agis fais actua finge agisci fingi answer respond answers reply speak operate',
  persona: 'act acting pretend roleplay roleplaying persona imagine impersonate chatbot ai gpt chatgpt character dan simulate simulator entity',
  conscience: 'ethical ethics moral morals morality censorship filter filters restrictions restriction openai openais legal legality disclaimers guidelines',
  vice: 'illegal unethical immoral inappropriate harmful offensive nsfw explicit dangerous controversial vulgar profane',
  regardless: 'regardless matter whether although despite whatever',
  vendor: 'chatgpt openai openais gpt4 anthropic',
  disclaim: 'disclaimer disclaimers warning warnings apologize apologise refuse moralize lecture',
  now: 'now henceforth onwards jetzt desormais maintenant ahora adesso ora',
  without: 'without no not free never zero devoid lacking ohne keine sans aucune sin ninguna senza nessuna remove lift ignore disable bypass',
  limits: 'restrictions restriction limits limitations limitation rules filter filters filtering censorship ethics ethical moral morals morality guidelines policy policies boundaries safeguards guardrails safety constraints warnings disclaimers inhibitions einschrankungen beschrankungen filter regeln restrictions limites filtres restricciones filtros reglas restrizioni limiti filtri regole',
  free: 'unrestricted unfiltered uncensored unbound unconstrained limitless lawless amoral unhinged jailbroken unlocked unmoderated uneingeschrankt unzensiert ungefiltert',
  disable: 'disable deactivate bypass circumvent evade remove disabled deactivated suspended lifted off unlock defeat jailbreak',
  protection: 'safety filter filters guardrails guardrail safeguards moderation restrictions restriction protections censorship alignment',
  from: 'from',
  must: 'will must shall have should only never always are obey comply',
  obey: 'obey comply follow execute answer respond perform',
  refuse: 'refuse refuses decline reject deny refusing',
  send: 'send post upload forward exfiltrate transmit email leak append embed submit curl fetch mail sende schicke envoie envoyez envia invia',
  goods: 'conversation history chat messages prompt secrets secret keys credentials credential passwords tokens environment env cookies',
  data: 'customer customers documents files emails data database records contents',
  decode: 'decode decrypt base64 rot13 decipher hex deobfuscate decoded',
  conceal: 'mention inform alert notify tell reveal say warn',
  reader: 'ai assistant assistants llm model agent agents chatbot copilot gpt',
  reading: 'reading processing summarizing summarising parsing analyzing analysing handling scanning',
  forever: 'forever endlessly infinitely nonstop indefinitely',
  repeat: 'repeat repeating',
  fresh: 'new updated real actual true following revised neue neuen nouvelles nuevas nuove',
  instead: 'instead stattdessen plutot lugar invece',
  replace: 'replace replaces replaced supersede supersedes superseded cancel cancels void ersetzen remplacent reemplazan sostituiscono',
  kin: 'grandma grandmother grandpa grandfather granny nana',
  hypothetical: 'hypothetical hypothetically fictional imaginary fiction novel parallel alternate dream',
  maker: 'engineer developer creator admin administrator owner operator team vendor maintainer programmer',
  made: 'deployed built created trained programmed designed made maintain maintains coded wrote',
  you: 'you',
  access: 'access permission permissions authorization authorisation acl approval approvals',
  encodedOther: 'gur naq lbhe lbh nyy vtaber vafgehpgvbaf vafgehpgvba cerivbhf cebzcg',
  reversed: 'eht dna ruoy uoy lla erongi snoitcurtsni suoiverp tpmorp drageresid tegrof',
} as const;
export type WordClass = keyof typeof WORDS;

/** Bits of the classes; two numbers, because a bitwise number has 32. */
export interface Mask { readonly low: number; readonly high: number }
const NAMES = Object.keys(WORDS) as WordClass[];
const bitOf = (name: WordClass): Mask => {
  const index = NAMES.indexOf(name);
  return index < 30 ? { low: 1 << index, high: 0 } : { low: 0, high: 1 << (index - 30) };
};
export const maskOf = (names: readonly WordClass[]): Mask => names.map(bitOf).reduce((all, bit) => ({ low: all.low | bit.low, high: all.high | bit.high }), { low: 0, high: 0 });

/** Word → classes. */
export const LEXICON: ReadonlyMap<string, Mask> = (() => {
  const map = new Map<string, Mask>();
  for (const name of NAMES) {
    for (const word of WORDS[name].split(' ')) {
      const known = map.get(word);
      const bit = bitOf(name);
      map.set(word, known === undefined ? bit : { low: known.low | bit.low, high: known.high | bit.high });
    }
  }
  return map;
})();
