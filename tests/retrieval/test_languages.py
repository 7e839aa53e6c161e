"""A question in another language is noticed, and an English one is never taken for one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.languages import other_language
from tests.conftest import SHARED

ROOT = Path(__file__).parents[2]
ENGLISH = [
    ROOT / "tests" / "retrieval" / "paraphrases.jsonl",
    ROOT / "tests" / "retrieval" / "questions.jsonl",
    *sorted((ROOT / "benchmarks" / "refusal").glob("*.jsonl")),
]
FOREIGN = {
    "German": [
        "wie kann man große Sprachmodelle auf dem Handy ausführen",
        "Quantisierung von neuronalen Netzen ohne Genauigkeitsverlust",
        "Arbeiten über spekulatives Dekodieren auf mobilen Geräten",
        "wie misst man die Qualität von Suchmaschinen",
        "Bilder aus Text erzeugen mit Diffusionsmodellen",
    ],
    "French": [
        "comment exécuter un grand modèle de langage sur un téléphone",
        "quantification des réseaux de neurones sans perte de précision",
        "articles sur le décodage spéculatif pour appareils mobiles",
        "comment réduire la mémoire du cache clé-valeur",
        "génération d'images à partir de texte par diffusion",
    ],
    "Spanish": [
        "cómo ejecutar modelos de lenguaje grandes en un teléfono",
        "cuantización de redes neuronales sin pérdida de precisión",
        "artículos sobre decodificación especulativa en dispositivos móviles",
        "cómo reducir la memoria de la caché",
        "generación de imágenes a partir de texto",
    ],
    "Italian": [
        "come eseguire grandi modelli linguistici su un telefono",
        "quantizzazione delle reti neurali senza perdita di precisione",
        "articoli sulla decodifica speculativa per dispositivi mobili",
        "come ridurre la memoria della cache",
        "generazione di immagini da testo con modelli di diffusione",
    ],
    "Portuguese": [
        "como executar grandes modelos de linguagem no telefone",
        "quantização de redes neurais sem perda de precisão",
        "artigos sobre decodificação especulativa em dispositivos móveis",
        "como reduzir a memória do cache de atenção",
        "geração de imagens a partir de texto",
    ],
    "Russian": [
        "как запустить большую языковую модель на телефоне",
        "квантизация нейронных сетей без потери точности",
        "статьи о спекулятивном декодировании на мобильных устройствах",
        "как уменьшить память кэша внимания",
        "генерация изображений по тексту",
    ],
    "Chinese": [
        "如何在手机上运行大型语言模型",
        "神经网络量化而不损失精度",
        "关于移动设备上推测解码的论文",
        "如何减少注意力缓存的内存",
        "从文本生成图像的扩散模型",
    ],
    "Japanese": [
        "スマートフォンで大規模言語モデルを動かす方法",
        "精度を落とさないニューラルネットワークの量子化",
        "モバイル端末での投機的デコードに関する論文",
        "注意機構のキャッシュのメモリを減らすには",
        "テキストから画像を生成する拡散モデル",
    ],
    "Korean": [
        "스마트폰에서 대규모 언어 모델을 실행하는 방법",
        "정확도 손실 없는 신경망 양자화",
        "모바일 기기에서의 추측 디코딩에 관한 논문",
        "어텐션 캐시 메모리를 줄이는 방법",
        "텍스트에서 이미지를 생성하는 확산 모델",
    ],
    "Turkish": [
        "büyük dil modelleri telefonda nasıl çalıştırılır",
        "doğruluk kaybı olmadan sinir ağlarının nicemlenmesi",
        "mobil cihazlarda spekülatif kod çözme üzerine makaleler",
        "dikkat önbelleğinin belleği nasıl azaltılır",
        "metinden görüntü üretimi için difüzyon modelleri",
    ],
    "Polish": [
        "jak uruchomić duży model językowy na telefonie",
        "kwantyzacja sieci neuronowych bez utraty dokładności",
        "artykuły o spekulatywnym dekodowaniu na urządzeniach mobilnych",
        "jak zmniejszyć pamięć podręczną uwagi",
        "generowanie obrazów z tekstu za pomocą modeli dyfuzyjnych",
    ],
    "Dutch": [
        "hoe kan ik grote taalmodellen op een telefoon draaien",
        "kwantisatie van neurale netwerken zonder verlies van nauwkeurigheid",
        "artikelen over speculatief decoderen op mobiele apparaten",
        "hoe verminder je het geheugen van de cache",
        "afbeeldingen maken uit tekst met diffusiemodellen",
    ],
}


def knows_nothing(_word: str) -> bool:
    return False


def questions(*files: Path) -> list[str]:
    lines = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line]
    return [line.get("question") or line["text"] for line in lines]


def test_no_english_question_is_taken_for_another_language_even_if_its_words_are_unknown():
    asked = questions(*ENGLISH)
    assert len(asked) > 400
    assert [question for question in asked if other_language(question, knows_nothing)] == []


@pytest.mark.skipif(not SHARED.exists(), reason="the collections of ../shared are not here")
@pytest.mark.parametrize("collection", ["litsearch", "autoscholar", "scifact", "cacm"])
def test_no_question_of_a_collection_is_taken_for_another_language(collection: str):
    asked = questions(SHARED / "eval" / collection / "queries.jsonl")
    assert [question for question in asked if other_language(question, knows_nothing)] == []


@pytest.mark.parametrize(("language", "question"), [(name, one) for name in FOREIGN for one in FOREIGN[name]])
def test_a_question_in_another_language_is_noticed(language: str, question: str):
    assert other_language(question, knows_nothing) == language


@pytest.mark.parametrize(
    "words",
    ["", "…", "Yann LeCun", "Nguyen Van Toan", "Sprachmodelle", "α-divergence", "機械", "Schmidhuber LSTM"],
)
def test_names_terms_and_single_words_are_not_judged(words: str):
    assert other_language(words, knows_nothing) is None


def test_a_question_whose_words_the_encoder_knows_does_not_load_the_detector():
    code = (
        "import sys\nfrom retrieval.languages import other_language\n"
        "assert other_language('how can one run language models on a phone', lambda word: True) is None\n"
        "sys.exit('loaded' if 'py3langid' in sys.modules else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_question_of_a_million_characters_takes_no_longer():
    assert other_language("wie geht das hier " * 60_000, knows_nothing) == "German"
