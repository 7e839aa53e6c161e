"""Greetings, thanks and the like, in the languages people greet a bot in. Pure."""

from bot.chat.meanings import Kind
from bot.chat.message import phrases, vocabulary

_LONGEST = 5  # words of a phrase
_PHRASES: dict[Kind, frozenset[str]] = {
    "greeting": phrases("""
    hi | hello | hey | hiya | heya | hey there | hi there | howdy | yo | sup | hullo | hallo | helo | greetings |
    good morning | good afternoon | good evening | good day | morning | gm | how are you | how are you doing |
    how are you today | hows it going | how is it going | how do you do | whats up | wassup | nice to meet you |
    anyone there | are you there | you there | are you alive | are you awake | is anyone there | test | testing |
    ping | guten tag | guten morgen | guten abend | gruss gott | grüß dich | grüezi | servus | moin | na | wie gehts |
    wie geht es dir | bonjour | bonsoir | salut | coucou | ça va | comment ça va | comment allez-vous | hola |
    buenas | buenos días | buenas tardes | buenas noches | qué tal | cómo estás | olá | oi | bom dia | boa tarde |
    boa noite | tudo bem | tudo bom | e aí | ciao | buongiorno | buonasera | salve | come stai | 你好 | 您好 | 嗨 | 大家好 |
    早上好 | 晚上好 | 在吗 | 哈喽 | こんにちは | こんばんは | おはよう | おはようございます | はじめまして | もしもし | やあ | 안녕 | 안녕하세요 | привет | здравствуйте |
    здравствуй | добрый день | доброе утро | добрый вечер | как дела | namaste | नमस्ते | merhaba | selam | hej |
    hoi | goedemorgen | cześć | dzień dobry | marhaba | salam | assalamu alaikum | السلام عليكم | مرحبا
"""),
    "thanks": phrases("""
    thanks | thank you | thank u | thank | thankyou | thx | thnx | thanx | tnx | ty | tysm | tyvm | tyty | cheers |
    much appreciated | appreciated | appreciate it | i appreciate it | i appreciate that | danke | danke schön |
    dankeschön | vielen dank | besten dank | herzlichen dank | merci | merci beaucoup | merci bien | gracias |
    muchas gracias | mil gracias | obrigado | obrigada | muito obrigado | muito obrigada | valeu | grazie |
    grazie mille | 谢谢 | 谢谢你 | 谢谢您 | 多谢 | 感谢 | 非常感谢 | 謝謝 | ありがとう | ありがとうございます | どうも | どうもありがとう | 감사합니다 | 고마워 | 고맙습니다 |
    спасибо | большое спасибо | спасибо большое | благодарю | teşekkürler | teşekkür ederim | dank je | bedankt |
    tack | dziękuję | dzięki | shukran | شكرا | धन्यवाद
"""),
    "farewell": phrases("""
    bye | bye bye | byebye | goodbye | good bye | cya | see ya | see you | see you later | see you soon |
    see you tomorrow | see u | later | laters | ttyl | gtg | gotta go | i have to go | im off | im done | thats all |
    that is all | thatll be all | good night | goodnight | gn | take care | have a nice day | have a good one |
    have a good day | tschüss | tschuess | tschau | auf wiedersehen | bis später | bis bald | bis dann | bis morgen |
    gute nacht | au revoir | à bientôt | à plus | bonne journée | bonne nuit | bonne soirée | adiós | adios |
    hasta luego | hasta mañana | hasta pronto | chao | nos vemos | tchau | até logo | até mais | adeus | arrivederci |
    buonanotte | a presto | 再见 | 拜拜 | 晚安 | さようなら | またね | じゃあね | おやすみ | 안녕히 계세요 | 잘 가 | пока | до свидания |
    спокойной ночи | hoşça kal | görüşürüz
"""),
    "praise": phrases("""
    good bot | good job | great job | nice job | nice work | great work | good work | well done | awesome | amazing |
    excellent | fantastic | brilliant | wonderful | impressive | incredible | great | nice | good | perfect | super |
    superb | sweet | wow | neat | lovely | beautiful | helpful | useful | good answer | great answer | nice answer |
    perfect answer | great find | exactly what i needed | just what i needed | what i needed |
    exactly what i was looking for | what i was looking for | you rock | you rule | youre the best |
    you are the best | youre great | you are great | youre awesome | you are awesome | youre amazing |
    you are amazing | youre a lifesaver | lifesaver | love it | i love it | love this | i love this | i like it |
    i like this | love you | i love you | smart | clever | the best | best bot | best bot ever | thats great |
    works great | works well | interesting | very cool | so cool | pretty cool | cool bot | nice one | sehr gut |
    toll | prima | klasse | génial | parfait | très bien | genial | perfecto | muy bien | muito bom | ótimo |
    perfetto | bravo | fantastico | 太好了 | 很好 | 不错 | 厉害 | すごい | 素晴らしい | 최고 | супер | отлично | молодец
"""),
    "insult": phrases("""
    you suck | u suck | this sucks | it sucks | sucks | stupid | stupid bot | dumb | dumb bot | dumbass | bad bot |
    bad | terrible | horrible | awful | worst | worst bot | worst bot ever | useless | worthless | garbage | trash |
    crap | bullshit | bs | shit | shitty | fuck | fuck you | fuck off | fucking | wtf | stfu | shut up | idiot |
    moron | lame | rubbish | nonsense | you are wrong | youre wrong | that is wrong | thats wrong | wrong |
    not helpful | not what i asked | not what i asked for | not what i meant | not what i wanted |
    not what i was looking for | unhelpful | not useful | i hate you | i hate this | hate you | go away | get lost |
    boring | disappointing | broken | doesnt work | does not work | you are bad | screw you | scheisse | dumm |
    nutzlos | nul | merde | inútil | mierda | estúpido | inutile | 垃圾 | 笨蛋 | バカ | тупой | бот дурак
"""),
    "acknowledgement": phrases("""
    ok | okay | okey | k | kk | okie | alright | all right | right | sure | yes | yeah | yep | yup | ya | no | nope |
    nah | no thanks | no thank you | no worries | no problem | np | fine | cool | got it | gotcha | i see |
    understood | makes sense | that makes sense | fair enough | noted | indeed | agreed | true | hm | hmm | mhm |
    aha | ah | oh | oh ok | uh | um | lol | lmao | rofl | haha | hahaha | hahahaha | hehe | xd | jk | just kidding |
    never mind | nevermind | nvm | forget it | brb | sorry | my bad | oops | good point | please | same | idk |
    i dont know | not sure | maybe | wait | one moment | interesting | ja | nein | genau | verstanden | alles klar |
    oui | non | d'accord | sí | vale | claro | entendido | sim | não | certo | va bene | 好 | 好的 | 是 | 不是 | 嗯 | 哈哈 |
    はい | いいえ | なるほど | 네 | 아니요 | да | нет | понятно | хорошо | ладно
"""),
}
_FILLERS = vocabulary("""
        a again alot all also am and answer answers are as at back bot buddy by chat day dear did dude everybody everyone ever
        far folks for found friend friends from fucking guys have help here i im in indeed information is it its just little lot
        man many mate me much my n now of on one papercord paper papers pal people please quick really results robot sir so such
        team that thats the there these they this to today too u up very was what with you your youre that's sehr mein
        todos tutti zusammen leute alle liebe lieber très beaucoup muy tanto assistant helping that's answered info link links
        absolutely totally truly extremely oh well then not
        """)
# "Perfect, thank you" thanks, "hi, you suck" insults.
_TELLING: tuple[frozenset[Kind], ...] = (
    frozenset(("insult",)),
    frozenset(("greeting", "thanks", "farewell")),
    frozenset(("praise",)),
    frozenset(("acknowledgement",)),
)
_BEFORE_MORE = frozenset(("greeting", "thanks", "acknowledgement"))
_NEVER_BEFORE_MORE = frozenset(
    ("no", "right", "same", "true", "test", "testing", "fine", "na", "please", "sure", "k")
)


def small_talk(keys: tuple[str, ...]) -> Kind | None:
    """What kind of small talk the words are, if they are nothing else."""
    kinds: list[Kind] = []
    index = 0
    while index < len(keys):
        kind, used = _said(keys, index)
        if kind:
            kinds.append(kind)
        elif keys[index] not in _FILLERS:
            return None
        index += used
    return next((kind for group in _TELLING for kind in kinds if kind in group), None)


def said_before_more(keys: tuple[str, ...]) -> int:
    """How many words at the beginning only greet, thank or nod."""
    index = 0
    while index < len(keys):
        kind, used = _said(keys, index)
        if kind not in _BEFORE_MORE or keys[index] in _NEVER_BEFORE_MORE:
            break
        index += used
        while index < len(keys) and keys[index] in {
            "there",
            "bot",
            "papercord",
            "all",
            "everyone",
            "again",
            "so",
            "much",
        }:
            index += 1
    return index


def thanks_first(keys: tuple[str, ...]) -> bool:
    """Whether a message begins with thanks."""
    return bool(keys) and _said(keys, 0)[0] == "thanks"


def _said(keys: tuple[str, ...], index: int) -> tuple[Kind | None, int]:
    """The longest phrase that begins at a word, and how many words it has."""
    for length in range(min(_LONGEST, len(keys) - index), 0, -1):
        phrase = " ".join(keys[index : index + length])
        for kind, known in _PHRASES.items():
            if phrase in known:
                return kind, length
    return None, 1
