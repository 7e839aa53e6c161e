"""The arXiv categories that /find offers while one types: those that these papers are mostly in. Any other may be typed.

https://arxiv.org/category_taxonomy
"""

CATEGORIES = {
    "cs.AI": "Artificial Intelligence",
    "cs.AR": "Hardware Architecture",
    "cs.CL": "Computation and Language",
    "cs.CR": "Cryptography and Security",
    "cs.CV": "Computer Vision and Pattern Recognition",
    "cs.CY": "Computers and Society",
    "cs.DB": "Databases",
    "cs.DC": "Distributed, Parallel, and Cluster Computing",
    "cs.DS": "Data Structures and Algorithms",
    "cs.GR": "Graphics",
    "cs.HC": "Human-Computer Interaction",
    "cs.IR": "Information Retrieval",
    "cs.IT": "Information Theory",
    "cs.LG": "Machine Learning",
    "cs.MA": "Multiagent Systems",
    "cs.MM": "Multimedia",
    "cs.NE": "Neural and Evolutionary Computing",
    "cs.NI": "Networking and Internet Architecture",
    "cs.OS": "Operating Systems",
    "cs.PF": "Performance",
    "cs.PL": "Programming Languages",
    "cs.RO": "Robotics",
    "cs.SD": "Sound",
    "cs.SE": "Software Engineering",
    "cs.SI": "Social and Information Networks",
    "eess.AS": "Audio and Speech Processing",
    "eess.IV": "Image and Video Processing",
    "eess.SP": "Signal Processing",
    "eess.SY": "Systems and Control",
    "stat.ME": "Methodology",
    "stat.ML": "Machine Learning (Statistics)",
}


def fitting(typed: str, limit: int) -> dict[str, str]:
    """The categories whose code begins with what was typed, then those with it in their code or name."""
    wanted = " ".join(typed.casefold().split())
    begins = {code: name for code, name in CATEGORIES.items() if code.casefold().startswith(wanted)}
    holds = {code: name for code, name in CATEGORIES.items() if wanted in f"{code} {name}".casefold()}
    return dict(list((begins | holds).items())[:limit])
