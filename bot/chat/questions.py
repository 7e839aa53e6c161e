"""Is a message a question, and does it stand by itself or only after what came before? Pure."""

import re
from collections.abc import Iterator

from bot.chat.meanings import FollowUp, Question
from bot.chat.message import Message, folded
from bot.chat.references import is_ordinal, number_of


def _words(texts: str) -> frozenset[str]:
    return frozenset(map(folded, texts.split()))


_ASKING = _words("""
    what whats who whos whom whose when whens where wheres which why whys how hows howto whatre whyd
    was wie warum wieso weshalb wer wen wem wo wann welche welcher welches welchen wozu womit wieviel wofür worin
    pourquoi quel quelle quels quelles quand combien qu'est-ce est-ce
    qué por qué cuál cuáles cuándo cuánto cuántos dónde quién cómo
    qual quais quando quanto onde quem
    perché cosa cos'è quale quali dove
    что как почему где когда кто какой какая какие сколько зачем чем
    explain define describe clarify elaborate erkläre erklär explique expliquez explícame explica spiega
""") - {"por"}
_ASKING_AFTER = {
    "comment": _words(
        "ca fonctionne on peut les le la un une faire est sont marche ca l'on puis je utiliser"
    ),
    "come": _words("funziona si posso faccio mai"),
    "que": _words("es son significa hace hacen puede sao"),
    "o": _words("que"),
    "por": _words("que"),
    "como": _words("funciona funcionam funcionan se puedo posso es fazer hacer faco o a"),
    "c'est": _words("quoi"),
    "cest": _words("quoi"),
    "qui": _words("a est sont"),
    "gibt": _words("es"),
    "che": _words("cosa cos'è"),
    "is": frozenset(),
}
_AUXILIARIES = _words("""
    is are was were am do does did can could should would will has have had may might must isn't aren't wasn't doesn't don't
    didn't can't couldn't won't wouldn't shouldn't hasn't haven't
    ist sind kann können hat haben gibt wird werden soll sollte muss
""")
_VERBS_FIRST = _AUXILIARIES | {"kann", "konnen"}
_ASKING_PHRASE = re.compile(
    r"(?:(?:can|could|would|will) (?:you|u|someone|anyone|somebody) (?:please )?(?:explain|tell|describe|clarify|elaborate|help me understand)"
    r"|(?:please )?(?:tell|teach|remind) (?:me|us)|help me (?:to )?understand|(?:any(?:one|body)|does anyone|do you) know (?:if|why|how|what|whether|when|where|which)"
    r"|i (?:want|would like|need|d like) to (?:know|understand|learn)|id like to (?:know|understand|learn)|i wonder|im wondering"
    r"|i (?:do not|dont) (?:understand|get|know) (?:why|how|what|when|if|whether|the)|wondering (?:if|how|why|whether)|curious (?:if|how|why|whether|about)"
    r"|any idea (?:if|why|how|what|whether)|(?:the |main |key )*differences? between|pros and cons of|advantages of|whats the|summarize|summarise|sum up|compare|comparison (?:of|between)"
    r"|(?:what|how) about|meaning of|definition of|is it true|eli5|unterschied zwischen|kannst du|konnen wir|peux-tu|peut-on|puedes|puede|sag mir|dis-moi|dime"
    r"|question(?= about)|my question is|quick question|i have a question)(?: |$)"
)
_OTHER_SCRIPTS = re.compile(
    "什么|甚么|怎么|怎样|如何|为什么|為什麼|为何|哪|吗|呢$|谁|多少|是否|能不能|有没有|什麼|怎麼|嗎"
    "|何|なに|なん|なぜ|どう|どこ|いつ|誰|どれ|どの|ですか|ますか|とは|教えて"
    "|무엇|뭐|뭔가|왜|어떻게|어디|언제|누가|누구|인가|나요|까요|니까|얼마"
)
_TURNS = re.compile(
    r"(?:and|but|or|so|then|also|plus|ok|okay|hm+|well|what about|how about|und|aber|et|y|pero|e|ma|mais|oder|а|и|но|那|那么|それで) "
)
_CONTINUING = re.compile(
    r"(?:and|but|or|also|what about|how about|what if|und|aber|oder|et|pero|y|was ist mit|wie ist es mit|et pour|а|и) "
)
_MARKS = _words("paper number no nr result")
_BEFORE_NUMBER = _AUXILIARIES | {""} | _words("about and by for from in of on or than wrote to with vs")
_BEHIND_NUMBER = (
    _AUXILIARIES
    | {""}
    | _words("""
    and or need needs use uses work works run runs have has require requires support supports mention mentions say says better
    faster slower open on also really about actually compare worth good publicly available any free
""")
)
_SHORT = 10  # words
_FRAGMENT = 5
_POINTING = _words("""
    it its it's they them their theirs he she his her one ones both same authors
    es dies diese dieses sie damit davon dabei cela ça ils elles eso esto ellos isso isto eles questo latter former above
""")
_DEMONSTRATIVE = _words("this that these those")
# "Is that true", "like these", "why does this"; in "models that reason" and "this weekend" they point at nothing.
_BEFORE_POINTING = {""} | _words("""
    is was are were does do did of about by like than for with without and but explain in on to has have can could would why how
    isn't aren't doesn't from
""")
_BEHIND_POINTING = (
    _AUXILIARIES
    | {""}
    | _words("""
    paper papers method methods approach work works mean means model models one ones technique result results number numbers
    faster slower better worse true really also still apply hold matter happen compare
""")
)
_NOT_POINTING = re.compile(
    r"\b(?:is|was|isnt|would|makes?) it (?:\w+ to |true|possible|worth|ok|okay)|does it (?:mean (?:when|if|to)|take to|make sense to)"
    r"|one (?:can|should|could)|time is it"
)
_FUNCTION = _words("""
    a an the of to in on at by for with from about as than into over per and or but not no so if then too also very much many more
    most less least any some all only just even still yet really exactly actually
    is are was were be been being am do does did done can could should would will has have had may might must
    i you we he she it they me us them my your our their his her its this that these those there here one ones
    what whats who whos whom whose when where wheres which why how hows
    isn't aren't doesn't don't didn't can't
    please ok okay hm so well
    und oder aber der die das ein eine auf mit von zu ist sind auch wie was wer wo wann warum im am den dem
    et ou le la les un une des du de sur avec est sont aussi quoi pour dans
    y o el los las una del con es son para en e os as um uma no na com
    go get got getting mean means say says said see tell know like need needs needed use uses used using work works run runs
    make makes come comes give gives show shows find found think compared compare long big large small fast slow faster slower
    bigger smaller better worse best worst good bad expensive cheap cheaper accurate high low higher lower often far old new
    actual roughly approximately tested try tried explain mention mentioned report reported measure measured
""")
_OF_A_PAPER = _words("""
    ablation ablations abstract accuracy affiliation api author authors available baseline baselines batch benchmark benchmarks
    code compute conclusion contribution contributions cost costs cpu data dataset datasets date demo details device devices
    download evaluate evaluated evaluation example examples experiment experiments failure figures finding findings first
    future github gpu gpus hardware idea implementation improvement journal conference language languages latency license licence
    limitation limitations link links main memory method metric metrics model models numbers open open-source opensource
    overhead paper papers parameters params performance pdf price public published quality ram release released repo
    requirements result results retraining size source speed speedup speed-up speedups second third fourth task tasks time
    training trained train tokens throughput venue vram weights weight written write wrote year years version evidence
    percent proof claim claims finetuning fine-tuning training-free setup seed seeds cause reason reasons downside downsides
    drawback drawbacks advantage advantages caveat caveats catch difference differences key novelty novel problem simpler terms words
    ergebnisse daten autoren speicher schneller besser resultats donnees auteurs resultados datos autores
""")
_BARE = _words("""
    limitations results code authors hardware benchmarks datasets baselines conclusion abstract memory accuracy latency speed
    license drawbacks downsides dataset github pdf
""") - {"memory", "accuracy", "latency", "speed"}
_PREPOSITIONS = _words("in im dans on for with at under about auf für mit bei sur pour avec en para com")
_DETERMINERS = _words(
    "a an the which what whose my your our their this that these those old smaller larger bigger einem einer dem der"
)
_ALONE = _words("""
    why how when where who what which really seriously whatever warum wieso wie wer wo wann pourquoi comment qui quand où
    porqué cómo quién cuándo perché como quando onde sure huh eh hm
""")
_LEANING = re.compile(
    r"(?:are you sure|you sure|how come|how so|why not|why so|since when|says who|what do you mean|can you elaborate|elaborate|go deeper|"
    r"more details?|in what way|compared to what|like what|such as|for example|for instance|meaning|so what|what else|"
    r"in simpler? (?:terms|words)|simpler|shorter|explain more|explain (?:that|it|this)\b.*|say that again|again|"
    r"warum nicht|wie das|bist du sicher|pourquoi pas|por que no|why is that|为什么|怎么做|为何|なぜ|왜)"
)
_MOST_TITLE_SMALL = 0.2
_SHORTEST_TITLE = 4  # words
_TITLE_LETTERS = 4


def question_in(message: Message, *, shown: int, has_context: bool) -> Question | FollowUp | None:
    """The question that a message asks, if it does."""
    if looks_like_title(message):
        return None
    asks = is_question(message)
    numbers = _numbers(message, shown) if asks else ()
    if has_context and (numbers or _leans(message, asks=asks)):
        return FollowUp(message.text, numbers, message.ids)
    return Question(message.text, numbers, message.ids) if asks else None


def leans_on_itself(message: Message) -> bool:
    """Whether it is one of the phrases that are a question only after something was said, such as "are you sure?"."""
    return message.asks and _LEANING.fullmatch(message.line) is not None


def is_question(message: Message) -> bool:
    """Whether the message asks for something to be answered, with or without a question mark."""
    keys, line = message.keys, message.line
    if message.asks or _ASKING_PHRASE.match(line) or _OTHER_SCRIPTS.search(message.text):
        return True
    turn = _TURNS.match(line)
    if turn and turn.end() < len(line):
        keys = keys[line.count(" ", 0, turn.end()) :]
    first, second = keys[0], keys[1] if len(keys) > 1 else ""
    if first in _ASKING:
        return True
    if first in _AUXILIARIES and len(keys) >= _TITLE_LETTERS - 1:
        return True
    if second in _ASKING_AFTER.get(first, frozenset()):
        return True
    # "I have 16 GB. what can I run": a later sentence asks.
    return any(
        message.pauses_before(index) and keys_at in _ASKING | _AUXILIARIES and len(message.keys) - index > 2  # noqa: PLR2004
        for index, keys_at in enumerate(message.keys)
        if not _is_colon(message, index)
    )


def looks_like_title(message: Message) -> bool:
    """Whether it is written as titles are: "How Far Are We from Intelligent Visual Reasoning?"."""
    typed = [message.text[word.start : word.end] for word in message.words]
    long = [word for word in typed if len(word) >= _TITLE_LETTERS and word[0].isalpha() and "/" not in word]
    small = [word for word in long if word[0].islower()]
    capital = [word for word in long if word[0].isupper()]
    enough = (
        len(typed) >= _SHORTEST_TITLE and len(capital) >= 2 and not all(word.isupper() for word in capital)
    )  # noqa: PLR2004
    return enough and len(small) <= _MOST_TITLE_SMALL * len(long)


def _leans(message: Message, *, asks: bool) -> bool:
    """Whether it needs what came before."""
    keys, line = message.keys, message.line
    if _LEANING.fullmatch(line) or (len(keys) == 1 and (keys[0] in _ALONE | _BARE)):
        return True
    if len(keys) > _SHORT:
        return False
    if _CONTINUING.match(line):
        return True
    turn = _TURNS.match(line)
    if turn:
        keys = keys[line.count(" ", 0, turn.end()) :]
    if asks and _points_back(keys) and not _NOT_POINTING.search(line):
        return True
    content = [key for key in keys if key not in _FUNCTION]
    if asks and all(key in _OF_A_PAPER for key in content):
        return True
    return _is_fragment(message, keys)


def _points_back(keys: tuple[str, ...]) -> bool:
    """Whether a word stands for something that was said before."""
    if _POINTING.intersection(keys):
        return True
    return any(
        key in _DEMONSTRATIVE
        and (before == "of" or (before in _BEFORE_POINTING and behind in _BEHIND_POINTING))
        for before, key, behind in _in_threes(keys)
    )


def _is_fragment(message: Message, keys: tuple[str, ...]) -> bool:
    """ "On a phone", "for vision models?", "quantization?"."""
    if len(keys) > _FRAGMENT:
        return False
    first, second = keys[0], keys[1] if len(keys) > 1 else ""
    if first in _PREPOSITIONS:
        return message.asks or second in _DETERMINERS
    return message.asks and first not in _ASKING | _AUXILIARIES


def _numbers(message: Message, shown: int) -> tuple[int, ...]:
    """The papers that a question names so that a number can be nothing else: "the second one", "#2", "who wrote 2"."""
    keys = message.keys
    found: dict[int, None] = {}
    for word, (before, key, behind) in zip(message.words, _in_threes(keys), strict=True):
        number = number_of(key)
        if number is None:
            continue
        if is_ordinal(key):
            named = behind in {"one", "paper", "result", ""} or (before == "the" and behind in _AUXILIARIES)
        elif before in _MARKS or message.text[: word.start].endswith("#"):
            named = True
        else:
            listed = key.isdecimal() and 0 < number <= shown and len(keys) <= _SHORT
            named = listed and before in _BEFORE_NUMBER and behind in _BEHIND_NUMBER
        if named:
            found[number] = None
    return tuple(found)


def _in_threes(keys: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """Each word with the one before and the one behind it; empty at the ends."""
    return zip(("", *keys), keys, (*keys[1:], ""), strict=False)


def _is_colon(message: Message, index: int) -> bool:
    """Whether a title's colon stands before a word."""
    gap = message.text[message.words[index - 1].end : message.words[index].start] if index else ""
    return ":" in gap or "," in gap
