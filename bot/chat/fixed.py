"""What is always said in much the same words: more, help, sources, start again. Pure."""

import re

from bot.chat.meanings import Help, More, Reset, Sources
from bot.chat.message import Message, folded, phrases

_POLITE_STARTS = (
    ("can", "you"),
    ("could", "you"),
    ("would", "you"),
    ("will", "you"),
    ("i", "want"),
    ("id", "like"),
)
_AROUND = frozenset(
    map(folded, "please bot papercord now ok okay then thanks bitte favor sil plait so again".split())
)
_MORE = phrases("""
    more
    next
    show more
    show me more
    give me more
    more results
    more papers
    more of them
    more of these
    more of those
    some more
    any more
    anymore
    any others
    others
    any other papers
    other papers
    show others
    other results
    other ones
    anything else
    something else like that
    what else
    what else do you have
    what else is there
    what else have you got
    else
    and more
    is there more
    are there more
    are there any more
    do you have more
    have you got more
    got more
    got any more
    see more
    load more
    list more
    find more
    i want more
    want more
    need more
    even more
    next page
    the next page
    next ones
    the next ones
    next results
    next one
    page 2
    continue
    go on
    keep going
    carry on
    the rest
    show the rest
    rest
    moar
    weiter
    mehr
    mehr davon
    mehr bitte
    noch mehr
    zeig mehr
    zeig mir mehr
    nächste
    nächste seite
    weitere
    plus
    plus de résultats
    encore
    encore plus
    suivant
    suivants
    la suite
    montre plus
    page suivante
    más
    más resultados
    muestra más
    siguiente
    siguientes
    otros
    mais
    mais resultados
    mostrar mais
    próximo
    próxima
    próxima página
    continua
    ancora
    altri
    altro
    avanti
    di più
    更多
    更多结果
    再来
    再来一些
    下一页
    继续
    还有吗
    还有别的吗
    もっと
    次
    次へ
    続き
    더
    더 보여줘
    다음
    ещё
    еще
    дальше
    далее
    больше
    meer
    daha fazla
    więcej
""")
_COUNTED_MORE = re.compile(
    r"(?:(?:show|give|list|see|get|find)(?: me)? )?(?:the )?(?:\d{1,2} more|next \d{1,2}|a few more)(?: papers| results)?"
)
_HELP = phrases("""
    help
    help me
    i need help
    can you help
    can you help me
    what can you do
    what can you do for me
    what can i do
    what can i do here
    what can i ask
    what can i ask you
    what do you do
    what are you
    what are you for
    who are you
    what is this
    what is this bot
    what are your commands
    what commands are there
    which commands are there
    commands
    command
    command list
    list commands
    show commands
    menu
    options
    features
    usage
    manual
    instructions
    how do i use this
    how do i use you
    how do i use it
    how do i use this bot
    how to use
    how to use this
    how to use you
    how to use this bot
    how do you work
    how does this bot work
    how does this work
    how does it work here
    are you a bot
    are you human
    are you real
    are you an ai
    are you chatgpt
    tell me about yourself
    introduce yourself
    get started
    how do i start
    where do i start
    start
    info
    about
    hilfe
    hilf mir
    was kannst du
    was kannst du alles
    wer bist du
    aide
    aide-moi
    aidez-moi
    que peux-tu faire
    que sais-tu faire
    qui es-tu
    ayuda
    ayúdame
    qué puedes hacer
    quién eres
    ajuda
    o que você pode fazer
    o que você faz
    quem é você
    aiuto
    cosa puoi fare
    chi sei
    帮助
    帮我
    你能做什么
    你会什么
    你是谁
    怎么用
    ヘルプ
    助けて
    何ができますか
    あなたは誰ですか
    도움말
    도와줘
    помощь
    помоги
    что ты умеешь
    кто ты
    yardım
    pomoc
    hulp
""")
_RESET = phrases("""
    new
    reset
    restart
    clear
    clear chat
    clear history
    clear the chat
    clear the conversation
    clear context
    clear memory
    clear everything
    clean slate
    chat reset
    chat new
    reset chat
    reset the chat
    reset conversation
    reset the conversation
    start over
    start again
    start anew
    start afresh
    start fresh
    start new
    start a new conversation
    start a new chat
    start from scratch
    start new conversation
    lets start over
    lets start again
    lets start fresh
    can we start over
    begin again
    from scratch
    forget
    forget that
    forget this
    forget all
    forget all that
    forget all of that
    forget everything
    forget it all
    forget what i said
    forget the last question
    forget about it
    forget about that
    forget the above
    forget this conversation
    wipe
    wipe memory
    new topic
    new subject
    new question
    new chat
    new conversation
    new search
    new session
    new thread
    another topic
    another question
    a different topic
    different topic
    different question
    change topic
    change the topic
    change of topic
    change subject
    change the subject
    something else
    something different
    lets talk about something else
    lets change the topic
    lets do something else
    i want to talk about something else
    next topic
    next question
    neu
    neustart
    neues thema
    neue frage
    neue unterhaltung
    neues gespräch
    anderes thema
    von vorne
    nochmal von vorne
    noch mal von vorne
    noch einmal von vorne
    von neuem
    vergiss das
    vergiss alles
    zurücksetzen
    nouveau
    nouveau sujet
    nouvelle question
    nouvelle conversation
    recommencer
    recommence
    recommençons
    oublie tout
    oublie ça
    nuevo
    nuevo tema
    nueva pregunta
    nueva conversación
    reiniciar
    empezar de nuevo
    olvida todo
    olvídalo
    novo
    novo assunto
    nova pergunta
    nova conversa
    recomeçar
    esqueça
    esqueça tudo
    nuovo
    nuovo argomento
    nuova domanda
    ricomincia
    ricominciamo
    dimentica tutto
    重新开始
    新话题
    新问题
    重来
    清空
    忘掉
    换个话题
    リセット
    最初から
    新しい話題
    초기화
    새로운 주제
    сброс
    заново
    новая тема
    начать заново
    забудь
    забудь всё
""")
_SOURCES = phrases("""
    source
    sources
    the sources
    your sources
    show sources
    show the sources
    show me the sources
    show your sources
    show me your sources
    list sources
    list the sources
    list your sources
    give me the sources
    chat sources
    what are your sources
    what are the sources
    what is your source
    what is the source
    whats your source
    whats the source
    whats the source for that
    any sources
    any source
    sources for that
    source for that
    sources for this
    cite your sources
    name your sources
    references
    reference
    show references
    show the references
    show me the references
    any references
    list references
    the references
    citations
    citation
    show citations
    citation needed
    cite
    what is this based on
    what is that based on
    what is it based on
    what is your answer based on
    what is this answer based on
    what is the answer based on
    what does this rest on
    what does it rest on
    whats this based on
    whats that based on
    based on what
    based on which papers
    where does this come from
    where does that come from
    where does it come from
    where is this from
    where is that from
    wheres this from
    wheres that from
    where did you get this
    where did you get that
    where did you get it
    where did you get this from
    where did you get that from
    where did you find that
    where did you find this
    where do you get this from
    where do you get that from
    where do you have that from
    which papers is this from
    which papers is that from
    which paper is this from
    which paper is that from
    what papers did you use
    which papers did you use
    what papers is this based on
    which papers is this based on
    how do you know
    how do you know that
    how do you know this
    says who
    who says that
    who said that
    prove it
    proof
    quelle
    quellen
    die quellen
    woher weißt du das
    woher hast du das
    woher kommt das
    les sources
    quelles sont tes sources
    quelles sont les sources
    d'où ça vient
    fuente
    fuentes
    las fuentes
    cuáles son las fuentes
    de dónde sale eso
    fonte
    fontes
    quais são as fontes
    fonti
    le fonti
    quali sono le fonti
    来源
    出处
    参考文献
    你的来源是什么
    出典
    ソース
    参考文献は
    출처
    источник
    источники
    откуда это
""")


def fixed_in(message: Message) -> More | Help | Reset | Sources | None:
    """The one of them that the message is."""
    core = " ".join(_core(message.keys))
    if core in _MORE or _COUNTED_MORE.fullmatch(core):
        return More()
    if core in _HELP:
        return Help()
    if core in _SOURCES:
        return Sources()
    return Reset() if core in _RESET else _reset_and_more(message)


def _core(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The words without those of politeness around them."""
    if keys[:2] in _POLITE_STARTS and " ".join(keys) not in _HELP | _RESET:
        keys = keys[2:]
    first, end = 0, len(keys)
    while first < end - 1 and keys[first] in _AROUND:
        first += 1
    while end - 1 > first and keys[end - 1] in _AROUND and " ".join(keys[first:end]) not in _RESET:
        end -= 1
    return keys[first:end]


def _reset_and_more(message: Message) -> Reset | None:
    """ "New topic: diffusion models"."""
    for length in range(1, min(7, len(message.keys))):
        if message.pauses_before(length):
            core = " ".join(_core(message.keys[:length]))
            return Reset(message.since(length).text) if core in _RESET else None
    return None
