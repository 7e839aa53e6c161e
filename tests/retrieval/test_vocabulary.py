"""The words of a corpus: counted by paper, by stem, and by how they are written."""

from hypothesis import given
from hypothesis import strategies as st

from retrieval.vocabulary import Vocabulary, words_of


def stem(word: str) -> str:
    return "" if word in {"the", "of", "and"} else word.removesuffix("s")


def learned(*texts: str, papers: int = 0) -> Vocabulary:
    vocabulary = Vocabulary(stem)
    for text in [*texts, *[""] * (papers - len(texts))]:
        vocabulary.add(text)
    return vocabulary


def test_words_are_runs_of_letters_and_digits_that_begin_with_a_letter():
    assert words_of("On-device GPT4 runs 4bit, naïve x 2024_a.") == ["On", "device", "GPT4", "runs", "naïve"]


def test_noise_of_more_than_forty_letters_is_no_word():
    assert words_of("a" * 40) == ["a" * 40]
    assert words_of("a" * 41) == []


def test_a_word_counts_once_for_each_paper_that_has_it_in_any_form():
    vocabulary = learned("Phone, phone and phones", "the phones", "bread")
    assert vocabulary.papers_with("phone") == vocabulary.papers_with("PHONES") == 2
    assert vocabulary.papers_with("bread") == 1
    assert vocabulary.papers_with("zebra") == 0
    assert vocabulary.papers_writing("Phone") == 1
    assert vocabulary.papers_writing("phones") == 2


def test_a_stop_word_is_counted_as_it_stands():
    assert learned("the phone", "the end", "phone").papers_with("the") == 2


def test_an_acronym_is_what_most_papers_write_in_capitals():
    vocabulary = learned("BERT", "BERT", "bert", "The aid", "AID", "aid")
    assert vocabulary.is_acronym("bert")
    assert not vocabulary.is_acronym("aid")
    assert not vocabulary.is_acronym("the")
    assert not vocabulary.is_acronym("unknown")


def test_a_hyphenated_word_is_an_acronym_if_a_part_of_it_is():
    assert learned("an R-CNN").is_acronym("r-cnn")
    assert not learned("on-device").is_acronym("on-device")


def test_words_are_found_by_their_first_letter():
    assert sorted(learned("Phones, bread and", "phones; a pan").starting_with("p")) == ["pan", "phones"]
    assert learned("bread").starting_with("p") == []


def test_the_commonest_words_come_one_for_each_stem_in_the_form_most_papers_use():
    vocabulary = learned("phones and bread", "phones", "phone", "the models of bread")
    assert vocabulary.commonest(10) == ["phones", "bread", "models"]
    assert vocabulary.commonest(1) == ["phones"]


def test_in_a_large_corpus_a_word_of_one_paper_is_left_out():
    assert learned("bread", papers=499).commonest(10) == ["bread"]
    assert learned("bread", papers=500).commonest(10) == []
    assert learned("bread", "Breads of bread", papers=500).commonest(10) == ["bread"]


@given(st.lists(st.text(max_size=60), max_size=8))
def test_no_word_is_in_more_papers_than_its_stem_nor_oftener_in_capitals_than_at_all(texts: list[str]):
    vocabulary = learned(*texts)
    for word in vocabulary.words():
        assert word.text == word.text.lower()
        assert 0 <= word.in_capitals <= word.papers <= vocabulary.papers_with(word.text) <= len(texts)
    forms = vocabulary.commonest(1000)
    assert len({stem(form) for form in forms}) == len(forms)
