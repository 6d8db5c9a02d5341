"""Words on course pages that say what a link or a line is. Add one here, and lists are read accordingly."""

# A link with nothing but these leads to a post that is named elsewhere: “Kedro ([blog post](…), [slides](…))”.
LABELS = frozenset(
    """abstract access app application archive arxiv article artifact artifacts aufzeichnung available beitrag blog
    blogpost blogposts booklet bootcamp browse bundle code codebase colab content dashboard data dataset deck demo
    demonstration description details devpost diapositivas document documentation docs doi download draft enlace essay
    external file files final folien full galley game gdrive gh git github gitlab go google drive handout here hier
    home homepage html informe issue itch ipynb jupyter kaggle launch lien ligacao link links live liveblog loom
    materials md medium more nbviewer notebook notebooks note notes online open overleaf page paper pdf phase play
    poster post posts ppt pptx preprint present presentation presentations preview project prototype published publication
    read readme recording rendered repo report repos repositorio repository result results screencast see show
    shiny site slide slidedeck slides source spec spreadsheet story streamlit summary supplement talk teaser text
    thread trailer transcript trial try tutorial twitter video videos vidéo view vimeo visit watch web website
    webpage whitepaper wiki work write writeup written url www youtube yt zenodo""".split()
)
# These may stand beside them.
FILLERS = frozenset("a an and at by for here in its my of on our part the this to up v1 v2 1 2 3 4 5 6 i ii iii".split())

# With one of these a sentence begins, and no title.
SENTENCE_STARTS = frozenset(
    """all also another any are as ask bitte both check cf click come consult complete do don download each email feel
    few fill find follow go here if in it join join keep learn let listen look make many more most note on our please
    read refer register remember review see send several sie siehe sign some submit take thanks that there these they
    this those to try use using visit voir ver watch we when you your""".split()
)

# A heading with one of these is about students' work; where one is, links under other headings are no part of it.
WORK = frozenset(
    """abgaben abschlussprojekte apps applications articles blog blogs capstone capstones claimed demos discussed
    earlier entries essays examples exhibition finals gallery game games hackathon hall hackathons papers posters post
    posts presentaciones presentation presentations previous project projects projekte projets proyectos prior past
    referate reports seminar semesters showcase showcases sketches student students studierende submissions talks team
    teams theses thesis tools topics tutorials vortrag vorträge winners work works writeups""".split()
)
