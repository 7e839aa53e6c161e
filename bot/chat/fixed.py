"""What is always said in much the same words: more, help, sources, start again. Pure."""

import re

from bot.chat.meanings import Help, More, Reset, Sources
from bot.chat.message import Message, phrases, vocabulary

_POLITE_STARTS = frozenset(("can you", "could you", "would you", "will you", "can i", "could i", "may i"))
_AROUND = vocabulary("again bitte bot favor now ok okay papercord plait please sil so thanks then")
_MORE = phrases("""
    is that all | is that it | thats it | next | anymore | any others | others | any other papers | other papers | show others | other results |
    other ones | anything else | something else like that | what else | what else do you have | what else is there |
    what else have you got | else | next page | the next page | next ones | the next ones | next results | next one |
    page 2 | continue | go on | keep going | carry on | the rest | show the rest | rest | moar | weiter | mehr |
    mehr davon | mehr bitte | noch mehr | zeig mehr | zeig mir mehr | nächste | nächste seite | weitere | plus |
    plus de résultats | encore | encore plus | suivant | suivants | la suite | montre plus | page suivante | más |
    más resultados | muestra más | siguiente | siguientes | otros | mais | mais resultados | mostrar mais | próximo |
    próxima | próxima página | continua | ancora | altri | altro | avanti | di più | 更多 | 更多结果 | 再来 | 再来一些 | 下一页 |
    继续 | 还有吗 | 还有别的吗 | もっと | 次 | 次へ | 続き | 더 | 더 보여줘 | 다음 | ещё | еще | дальше | далее | больше | meer | daha fazla |
    więcej
""")
_BACK = phrases("""
    back | go back | previous | previous page | the previous page | previous results | previous ones |
    the previous ones | page back | one page back | go to the previous page | back one page |
    zurück | vorherige | vorherige seite | eine seite zurück | précédent | page précédente | retour | anterior |
    página anterior | volver | atrás | voltar | indietro | pagina precedente | precedente | 上一页 | 返回 | 前へ | 戻る |
    이전 | назад | предыдущая страница
""")
_MORE_OF_THEM = re.compile(
    r"(?:and |i |we |do you |have you |is there |are there )?(?:(?:show|give|gimme|list|load|see|find|get|got|have|want|need)(?: me)? )?"
    r"(?:(?:some|any|even|a few|the|\d{1,2}) )?(?:more|(?:next|another) \d{1,2})(?: \d{1,2})?"
    r"(?: (?:results|papers|ones|hits|of (?:them|these|those|that)))?"
)
_HELP_ASKED_FOR = re.compile(
    r"(?:what|which)(?: (?:kinds?|sorts?) of)?(?: (?:else|things|stuff|commands|questions))*"
    r" (?:can|do|could|are|should) (?:you|i|we|this bot|the bot|papercord|there)(?: able to| here)?"
    r"(?: (?:do|ask|use|have|answer|understand|know|help(?: me)? with|capable of|good at|for))?(?: (?:you|for me|with you|here|this|it))*"
    r"|how (?:do|can|should|could) (?:i|we|you|one) (?:use|talk to|ask|search|start|query|work|works)"
    r"(?: (?:this|you|it|the|papercord|bot|here|with|questions?|papers?))*"
    r"|how does (?:this|the|papercord|it)(?: bot| thing)? work(?: here)?"
    r"|(?:do|can) you (?:speak|understand) \w+|are you (?:a |an )?(?:real )?(?:bot|human(?: being)?|real|ai|robot|chatgpt|llm|person|machine)"
)
_HELP = phrases("""
    i have a question | can i ask you something | can i ask you a question | recommend me something | give me a paper |
    i need papers | i need a paper | papers | paper | search | find | query |
    help | help me | i need help | can you help | can you help me | what can you do | what can you do for me |
    what can i do | what can i do here | what can i ask | what can i ask you | what do you do | what are you |
    what are you for | who are you | whats your name | what is your name | do you have a name | who made you |
    who built you | who created you | what is this |
    what is this bot | what are your commands | what commands are there | what commands do you have |
    which commands do you have | which commands are there | commands | command | command list | list commands |
    show commands | menu | options | features | usage | manual | instructions | how do i use this | how do i use you |
    how do i use it | how do i use this bot | how to use | how to use this | how to use you | how to use this bot |
    how do you work | how does this bot work | how does this work | how does it work here | are you a bot |
    are you human | are you real | are you an ai | are you chatgpt | tell me about yourself | introduce yourself |
    get started | how do i start | where do i start | start | info | about | hilfe | hilf mir | was kannst du |
    was kannst du alles | wer bist du | aide | aide-moi | aidez-moi | que peux-tu faire | que sais-tu faire |
    qui es-tu | ayuda | ayúdame | qué puedes hacer | quién eres | ajuda | o que você pode fazer | o que você faz |
    quem é você | aiuto | cosa puoi fare | chi sei | 帮助 | 帮我 | 你能做什么 | 你会什么 | 你是谁 | 怎么用 | ヘルプ | 助けて | 何ができますか |
    あなたは誰ですか | 도움말 | 도와줘 | помощь | помоги | что ты умеешь | кто ты | yardım | pomoc | hulp
""")
_RESET = phrases("""
    new | reset | restart | clear | clear chat | clear history | clear the chat | clear the conversation |
    clear context | clear memory | clear everything | clean slate | chat reset | chat new | reset chat |
    reset the chat | reset conversation | reset the conversation | start over | start again | start anew |
    start afresh | start fresh | start new | start a new conversation | start a new chat | start from scratch |
    start new conversation | lets start over | lets start again | lets start fresh | can we start over | begin again |
    from scratch | forget | forget that | forget this | forget all | forget all that | forget all of that |
    forget everything | forget it all | forget what i said | forget the last question | forget about it |
    forget about that | forget the above | forget this conversation | wipe | wipe memory | new topic | new subject |
    new question | new chat | new conversation | new search | new session | new thread | another topic |
    another question | a different topic | different topic | different question | change topic | change the topic |
    change of topic | change subject | change the subject | something else | something different |
    lets talk about something else | lets change the topic | lets do something else |
    i want to talk about something else | i want to ask about something else | i want to ask something else |
    can i ask something else | lets switch topics | switch topic | switch topics | next topic | next question | neu |
    neustart | neues thema | neue frage | neue unterhaltung | neues gespräch | anderes thema | von vorne |
    nochmal von vorne | noch mal von vorne | noch einmal von vorne | von neuem | vergiss das | vergiss alles |
    zurücksetzen | nouveau | nouveau sujet | nouvelle question | nouvelle conversation | recommencer | recommence |
    recommençons | oublie tout | oublie ça | nuevo | nuevo tema | nueva pregunta | nueva conversación | reiniciar |
    empezar de nuevo | olvida todo | olvídalo | novo | novo assunto | nova pergunta | nova conversa | recomeçar |
    esqueça | esqueça tudo | nuovo | nuovo argomento | nuova domanda | ricomincia | ricominciamo | dimentica tutto |
    重新开始 | 新话题 | 新问题 | 重来 | 清空 | 忘掉 | 换个话题 | リセット | 最初から | 新しい話題 | 초기화 | 새로운 주제 | сброс | заново | новая тема |
    начать заново | забудь | забудь всё
""")
_SOURCES = phrases("""
    whats the source for that | sources for that | source for that | sources for this | citation needed | cite |
    what is this based on | on what is this based | on what is that based | what was this based on |
    what was that based on | what is that based on | what is it based on | what is your answer based on |
    what is this answer based on | what is the answer based on | what does this rest on | what does it rest on |
    whats this based on | whats that based on | based on what | based on which papers | where does this come from |
    where does that come from | where does it come from | where is this from | where is that from | wheres this from |
    wheres that from | where did you get this | where did you get that | where did you get it |
    where did you get this from | where did you get that from | where did you find that | where did you find this |
    where do you get this from | where do you get that from | where do you have that from |
    which papers is this from | which papers is that from | which paper is this from | which paper is that from |
    what papers did you use | which papers did you use | what papers is this based on |
    which papers is this based on | what are you basing this on | what are you basing that on |
    what do you base this on | what do you base that on | on what do you base this | how do you know |
    how do you know that | how do you know this | says who |
    who says that | who said that | prove it | proof | quelle | quellen | die quellen | woher weißt du das |
    woher hast du das | woher kommt das | les sources | quelles sont tes sources | quelles sont les sources |
    d'où ça vient | fuente | fuentes | las fuentes | cuáles son las fuentes | de dónde sale eso | fonte | fontes |
    quais são as fontes | fonti | le fonti | quali sono le fonti | 来源 | 出处 | 参考文献 | 你的来源是什么 | 出典 | ソース | 参考文献は | 출처 |
    источник | источники | откуда это
""")


_SOURCES_ASKED_FOR = re.compile(
    r"where (?:did|do) you (?:get|find|read|see|take|have|know|learn|pull) (?:this|that|it|these|those)(?: info| information| numbers?)?"
    r"(?: from)?|which papers? (?:says?|said|states?|claims?) (?:this|that|so|it)|(?:(?:chat|and|what are|what is|whats|where are|any|show|list|give|see|have|get|name|cite|tell)(?: me| us)? )?"
    r"(?:(?:the|your|its|any|all) )*(?:sources?|references?|citations?)(?: (?:for|of|to|behind) (?:this|that|it))?"
)


def fixed_in(message: Message) -> More | Help | Reset | Sources | None:
    """The one of them that the message is."""
    core = " ".join(_core(message.keys))
    if core in _MORE or _MORE_OF_THEM.fullmatch(core):
        return More()
    if core in _BACK:
        return More(is_back=True)
    if core in _HELP or _HELP_ASKED_FOR.fullmatch(core):
        return Help()
    if core in _SOURCES or _SOURCES_ASKED_FOR.fullmatch(core):
        return Sources()
    return Reset() if core in _RESET else _reset_and_more(message)


def _core(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The words without those of politeness around them."""
    if " ".join(keys[:2]) in _POLITE_STARTS and " ".join(keys) not in _HELP:
        keys = keys[2:]
    first, end = 0, len(keys)
    while first < end - 1 and keys[first] in _AROUND:
        first += 1
    while end - 1 > first and keys[end - 1] in _AROUND and " ".join(keys[first:end]) not in _RESET:
        end -= 1
    return keys[first:end]


def _reset_and_more(message: Message) -> Reset | None:
    """The end of a conversation with something behind it: "new topic: diffusion models"."""
    for length in range(1, min(7, len(message.keys))):
        if message.pauses_before(length):
            core = " ".join(_core(message.keys[:length]))
            return Reset(message.since(length).text) if core in _RESET else None
    return None
