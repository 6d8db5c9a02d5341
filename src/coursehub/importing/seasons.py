"""Words for the parts of a year in which courses are held, in the languages in which course pages are written.

A word that several languages have with another meaning (Swedish `vt`, Swiss `FS`) stands where a course page means it.
Add a word here and it is understood in lists, sheets and options.
"""

SPRING, SUMMER, FALL, WINTER = "spring", "summer", "fall", "winter"

# Season → words, in small letters. `semester` and its kind may follow, with a blank or without.
WORDS = {
    SPRING: """spring spr sp vår vårtermin vårterminen våren vt forår forårssemester kevät printemps primavera frühling
               frühlings frühjahr frühjahrs fs lente voorjaar jaro wiosna letní весна весенний 春 春季 春学期""",
    SUMMER: """summer sum su sommer sommers sose ss sommar été verano estate verão zomer kesä léto lato лето летний 夏
               夏季 夏学期""",
    FALL: """fall autumn aut au fa herbst herbsts hs höst hösttermin höstterminen hösten ht høst efterår efterårs syksy
             automne otoño autunno outono herfst najaar podzim jesień осень осенний 秋 秋季 秋学期""",
    WINTER: """winter winters win wi wise ws vinter hiver invierno inverno zima zimní зима зимний 冬 冬季 冬学期""",
}

# The letter with which an id such as `F2024` or `2024W` begins or ends. `S` is the summer where the course has a winter
# and no fall.
LETTERS = {"s": SPRING, "f": FALL, "a": FALL, "h": FALL, "v": SPRING, "w": WINTER, "u": SUMMER}

# What a part of the year is called; with a number, it is one that has no season: `Semester 2, 2024`.
PERIODS = """semester semestre sem term termin terms trimester trimestre quarter lukukausi semestr семестр block
             session kurs"""
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
