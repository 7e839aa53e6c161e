"""Does a message only make sense after what came before? Pure."""

import re

from bot.chat.message import Message, in_threes, vocabulary
from bot.chat.questions import ASKING, AUXILIARIES, behind_turn

_CONTINUING = re.compile(
    r"(?:and|but|or|also|what about|how about|what if|und|aber|oder|et|pero|y|was ist mit|wie ist es mit|et pour|а|и) "
)
_SHORT = 10  # words
_FRAGMENT = 5
_POINTING = vocabulary("""
    it its it's they them their theirs he she his her one ones both same authors
    es dies diese dieses sie damit davon dabei cela ça ils elles eso esto ellos isso isto eles questo latter former above
""")
_DEMONSTRATIVE = vocabulary("this that these those")
# "Is that true", "like these", "why does this"; in "models that reason" and "this weekend" they point at nothing.
_BEFORE_POINTING = {""} | vocabulary("""
    is was are were does do did of about by like than for with without and but explain in on to has have can could would why how
    isn't aren't doesn't from
""")
_BEHIND_POINTING = (
    AUXILIARIES
    | {""}
    | vocabulary("""
    paper papers method methods approach work works mean means model models one ones technique result results number numbers
    run runs use uses need needs require support beat scale help faster slower better worse true really also still apply hold matter happen compare
""")
)
_NOT_POINTING = re.compile(
    r"\b(?:is|was|isnt|would|makes?) it (?:\w+ to |true|possible|worth|ok|okay)|does it (?:mean (?:when|if|to)|take to|make sense to)"
    r"|(?<!which )one (?:can|should|could)|time is it"
)
_FUNCTION = vocabulary("""
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
_OF_A_PAPER = vocabulary("""
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
_BARE = vocabulary("""
    limitations results code authors hardware benchmarks datasets baselines conclusion abstract memory accuracy latency speed
    license drawbacks downsides dataset github pdf
""") - {"memory", "accuracy", "latency", "speed"}
_PREPOSITIONS = vocabulary("in im dans on for with at under about auf für mit bei sur pour avec en para com")
_DETERMINERS = vocabulary(
    "a an the which what whose my your our their this that these those old smaller larger bigger einem einer dem der"
)
_ALONE = vocabulary("""
    why how when where who what which really seriously whatever warum wieso wie wer wo wann pourquoi comment qui quand où
    porqué cómo quién cuándo perché como quando onde sure huh eh hm
""")
_LEANING = re.compile(
    r"(?:are you sure|you sure|how come|how so|why not|why so|since when|says who|what do you mean|can you elaborate|elaborate|go deeper|can you go deeper|dig deeper|"
    r"more details?|in what way|compared to what|like what|such as|for example|for instance|meaning|so what|what else|"
    r"in simpler? (?:terms|words)|i (?:do not|dont) (?:understand|get)(?: it| that| this)?|simpler|shorter|explain more|explain (?:that|it|this)\b.*|say that again|again|"
    r"warum nicht|wie das|bist du sicher|pourquoi pas|por que no|why is that|为什么|怎么做|为何|なぜ|왜)"
)


def follows_at_once(message: Message) -> bool:
    """Whether it is one of the phrases that are a question only after something was said, such as "are you sure?"."""
    return message.asks and _LEANING.fullmatch(message.line) is not None


def follows(message: Message, *, asking: bool) -> bool:
    """Whether it needs what came before."""
    keys, line = message.keys, message.line
    if _LEANING.fullmatch(line) or (len(keys) == 1 and (keys[0] in _ALONE | _BARE)):
        return True
    if len(keys) > _SHORT:
        return False
    if _CONTINUING.match(line):
        return True
    keys = behind_turn(message)
    if asking and _points_back(keys) and not _NOT_POINTING.search(line):
        return True
    content = [key for key in keys if key not in _FUNCTION]
    if asking and all(key in _OF_A_PAPER for key in content):
        return True
    return _is_fragment(message, keys)


def _points_back(keys: tuple[str, ...]) -> bool:
    """Whether a word stands for something that was said before."""
    if _POINTING.intersection(keys):
        return True
    return any(
        key in _DEMONSTRATIVE
        and (before == "of" or (before in _BEFORE_POINTING and behind in _BEHIND_POINTING))
        for before, key, behind in in_threes(keys)
    )


def _is_fragment(message: Message, keys: tuple[str, ...]) -> bool:
    """Whether it is the end of a sentence that was begun before: "on a phone", "for vision models?", "quantization?"."""
    if len(keys) > _FRAGMENT:
        return False
    first, second = keys[0], keys[1] if len(keys) > 1 else ""
    if first in _PREPOSITIONS:
        return message.asks or second in _DETERMINERS
    return message.asks and first not in ASKING | AUXILIARIES
