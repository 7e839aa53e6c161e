"""Does a message ask for something to be answered? Pure."""

import re

from bot.chat.message import Message, vocabulary

ASKING = vocabulary("""
    what whats who whos whom whose when whens where wheres which why whys how hows howto whatre whyd
    was wie warum wieso weshalb wer wen wem wo wann welche welcher welches welchen wozu womit wieviel wofür worin
    pourquoi quel quelle quels quelles quand combien qu'est-ce est-ce
    cuánta cuántas qué por qué cuál cuáles cuándo cuánto cuántos dónde quién cómo
    qual quais quando quanto onde quem
    perché cosa cos'è quale quali dove
    что как почему где когда кто какой какая какие сколько зачем чем
    explain define describe clarify elaborate erkläre erklär explique expliquez explícame explica spiega
""") - {"por"}
_ASKING_AFTER: dict[str, frozenset[str]] = {
    "comment": vocabulary(
        "ca fonctionne on peut les le la un une faire est sont marche ca l'on puis je utiliser"
    ),
    "come": vocabulary("funziona si posso faccio mai"),
    "que": vocabulary("es son significa hace hacen puede sao"),
    "o": vocabulary("que"),
    "por": vocabulary("que"),
    "como": vocabulary("funciona funcionam funcionan se puedo posso es fazer hacer faco o a"),
    "c'est": vocabulary("quoi"),
    "cest": vocabulary("quoi"),
    "qui": vocabulary("a est sont"),
    "gibt": vocabulary("es"),
    "che": vocabulary("cosa cos'è"),
}
AUXILIARIES = vocabulary("""
    is are was were am do does did can could should would will has have had may might must isn't aren't wasn't doesn't don't
    didn't can't couldn't won't wouldn't shouldn't hasn't haven't
    ist sind kann können hat haben gibt wird werden soll sollte muss
""")
_ASKING_PHRASE = re.compile(
    r"(?:(?:can|could|would|will) (?:you|u|someone|anyone|somebody) (?:please )?(?:explain|tell|describe|clarify|elaborate|help me understand)"
    r"|(?:please )?(?:tell|teach|remind) (?:me|us)|help me (?:to )?understand|(?:any(?:one|body)|does anyone|do you) know (?:if|why|how|what|whether|when|where|which)"
    r"|(?:i )?(?:want|would like|need|d like) to (?:know|understand|learn)|id like to (?:know|understand|learn)|i (?:do not|dont) understand|best way to|i wonder|im wondering"
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
_EXPLANATION = re.compile(
    r"(?:(?:please|can you|could you|i) )*(?:give|show|need|want)(?: me| us)? (?:a |an |the )?(?:(?:quick|short|brief|simple|good) )*"
    r"(?:explanation|intro|introduction|overview|definition|explainer) (?:of|to|on|for) "
)
_WHICH_IS_BETTER = re.compile(
    r" (?:which|what|who)(?: one)?(?: is|s| are)? (?:the )?(?:better|best|faster|fastest|cheaper|smaller)$"
)
_TURNS = re.compile(
    r"(?:and|but|or|so|then|also|plus|ok|okay|hm+|well|please|papercord|bot|now|actually|what about|how about|und|aber|et|y|pero|e|ma|mais|oder|а|и|но|那|那么|それで) "
)
_SHORTEST_SENTENCE = 3  # words


def wants_explanation(message: Message) -> bool:
    """Whether it asks for words rather than papers, though it says "give me" as a search does."""
    return _EXPLANATION.match(message.line) is not None


def behind_turn(message: Message) -> tuple[str, ...]:
    """The words behind a leading "and", "but" or "what about"; all of them where there is none."""
    turn = _TURNS.match(message.line)
    return message.keys[message.line.count(" ", 0, turn.end()) :] if turn else message.keys


def asks(message: Message) -> bool:
    """Whether the message asks for something to be answered, with or without a question mark."""
    line = message.line
    return bool(
        message.asks
        or wants_explanation(message)
        or _ASKING_PHRASE.match(line)
        or _WHICH_IS_BETTER.search(line)
        or _OTHER_SCRIPTS.search(message.text)
        or _begins_as_question(behind_turn(message))
        or _a_later_sentence_asks(message)
    )


def _begins_as_question(keys: tuple[str, ...]) -> bool:
    first, second = keys[0], keys[1] if len(keys) > 1 else ""
    inverts = first in AUXILIARIES and len(keys) >= _SHORTEST_SENTENCE
    return first in ASKING or inverts or second in _ASKING_AFTER.get(first, frozenset())


def _a_later_sentence_asks(message: Message) -> bool:
    """Whether it is as "I have 16 GB. what can I run"; behind a colon or comma it is no other sentence."""
    keys = message.keys
    return any(
        keys[index] in ASKING | AUXILIARIES
        and message.pauses_before(index)
        and not {":", ","}.intersection(message.gap_before(index))
        for index in range(1, len(keys) - _SHORTEST_SENTENCE + 1)
    )
