"""Sentences as newspapers write them, with claims that they prove and claims that they do not."""

EXAMPLES: list[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = [
    (
        ("Norvik Energy said on Tuesday that its quarterly profit fell 12% to $1.8 billion, hurt by lower oil prices.",),
        (
            "Lower oil prices hurt Norvik Energy, whose profit for the quarter dropped by 12 percent to $1.8bn.",
            "According to Norvik Energy, quarterly profit was down 12 per cent at 1.8 billion dollars.",
            "Quarterly profit at Norvik Energy declined to $1.8 billion.",
        ),
        (
            "Norvik Energy said on Tuesday that its quarterly profit rose 12% to $1.8 billion.",
            "Norvik Energy said that its quarterly profit fell 18% to $1.2 billion.",
            "Norvik Energy's quarterly profit fell 12% to $1.8 million.",
            "Norvik Energy said that its quarterly loss fell 12% to $1.8 billion.",
            "Norvik Energy said that its quarterly profit fell 12% because of a strike in Norway.",
        ),
    ),
    (
        ("The Senate voted 62 to 37 on Thursday to confirm Judge Elena Ruiz, two weeks after Senator Mark Hale accused her of misleading the committee.",),
        (
            "By 62 votes to 37, the Senate confirmed Judge Elena Ruiz on Thursday.",
            "Senator Mark Hale had accused Elena Ruiz of misleading the committee two weeks before she was confirmed.",
            "Judge Ruiz, whom Senator Hale had accused of misleading the committee, was confirmed by the Senate.",
        ),
        (
            "By 37 votes to 62, the Senate rejected Judge Elena Ruiz on Thursday.",
            "Judge Elena Ruiz accused Senator Mark Hale of misleading the committee.",
            "The Senate voted to confirm Judge Elena Ruiz two weeks before Senator Mark Hale accused her.",
            "The Senate voted 62 to 37 on Tuesday to confirm Judge Elena Ruiz.",
            "The House voted 62 to 37 on Thursday to confirm Judge Elena Ruiz.",
            "The Senate voted 62 to 37 to confirm Senator Mark Hale.",
        ),
    ),
    (
        ("Police arrested 14 people after the march in Lyon, but no officers were injured, the interior ministry said.",),
        (
            "Fourteen people were arrested by police after the march in Lyon, according to the interior ministry.",
            "The interior ministry said that no police officers were hurt.",
            "No officers were injured at the march in Lyon.",
        ),
        (
            "Police arrested 14 officers after the march in Lyon.",
            "Fourteen officers were injured after the march in Lyon, the interior ministry said.",
            "Several officers were injured, the interior ministry said.",
            "Police arrested 40 people after the march in Lyon.",
            "Police arrested 14 people after the march in Paris.",
            "The foreign ministry said that police arrested 14 people after the march in Lyon.",
        ),
    ),
    (
        ("Unlike its rival Telmar, Ondine will not raise prices this year, chief executive Paula Voss told analysts.",),
        (
            "Paula Voss, the chief executive of Ondine, told analysts that there would be no price increase this year.",
            "Ondine does not plan to raise its prices this year, Voss said.",
        ),
        (
            "Ondine will raise prices this year, chief executive Paula Voss told analysts.",
            "Telmar will not raise prices this year, chief executive Paula Voss told analysts.",
            "Ondine will not cut prices this year, chief executive Paula Voss told analysts.",
            "Ondine will not raise prices next year, chief executive Paula Voss told analysts.",
            "Paula Voss told reporters in Berlin that Ondine will not raise prices this year.",
        ),
    ),
    (
        (
            "The bridge, which opened in 1932, carries about 90,000 vehicles a day.",
            "Repairs will begin in March and cost at least €40 million.",
        ),
        (
            "Around 90,000 vehicles cross the bridge every day; it was opened in 1932.",
            "Repairs are to start in March and will cost €40m or more.",
            "The bridge has been open since 1932, and its repairs will begin in March.",
        ),
        (
            "Repairs to the bridge began in 1932 and will cost at least €40 million.",
            "The bridge carries about 90,000 vehicles a week.",
            "The repairs will cost at most €40 million.",
            "The repairs will cost at least £40 million.",
            "The bridge opened in March and carries about 90,000 vehicles a day.",
            "Repairs will begin in May and cost at least €40 million.",
        ),
    ),
    (
        ("“We have not made a decision,” said Dana Whitlock, the mayor of Carrow, who has opposed the stadium since 2015.",),
        (
            "Dana Whitlock, Carrow's mayor, said that no decision had been made.",
            "Mayor Dana Whitlock has been against the stadium since 2015.",
            "Whitlock said: “We have not made a decision”.",
        ),
        (
            "Dana Whitlock, the mayor of Carrow, said that a decision had been made.",
            "Dana Whitlock has supported the stadium since 2015.",
            "“We have already made a decision,” said Dana Whitlock.",
            "Dana Whitlock, the governor of Carrow, has opposed the stadium since 2015.",
            "Dana Whitlock has opposed the stadium since 2005.",
            "Dana Whitlock has opposed the airport since 2015.",
        ),
    ),
    (
        ("Japan's exports to South Korea climbed 4.3% in June while imports slid 2.1%, government data showed.",),
        (
            "Government data showed that Japanese exports to South Korea rose by 4.3 percent in June.",
            "In June, Japan's imports from South Korea fell 2.1 per cent, while its exports to that country grew by 4.3 per cent.",
        ),
        (
            "Japan's exports to South Korea climbed 2.1% in June while imports slid 4.3%.",
            "Japan's imports to South Korea climbed 4.3% in June.",
            "South Korea's exports to Japan climbed 4.3% in June.",
            "Japan's exports to South Korea climbed 4.3% in July.",
            "Japan's exports to South Korea climbed 4.3 percentage points in June.",
            "Japan's exports to North Korea climbed 4.3% in June.",
        ),
    ),
    (
        (
            "Acme Rail bought the Delford line from the state in 2004.",
            "The government sold its last shares in Acme Rail in 2011 for £310 million.",
        ),
        (
            "In 2004 the state sold the Delford line to Acme Rail.",
            "The Delford line was bought by Acme Rail in 2004, and in 2011 the government sold its last shares in the company.",
            "The government got £310m for its last shares in Acme Rail in 2011.",
        ),
        (
            "Acme Rail sold the Delford line to the state in 2004.",
            "Acme Rail bought the Delford line from the state in 2011.",
            "Acme Rail bought the Delford line for £310 million.",
            "The government sold its last shares in Acme Rail in 2004 for £310 million.",
            "The government bought its last shares in Acme Rail in 2011.",
        ),
    ),
    (
        ("The drug reduced the risk of stroke by a third in patients over 65, but it did not lower the number of heart attacks.",),
        (
            "Among patients older than 65, the drug cut the risk of stroke by one third.",
            "The number of heart attacks was not reduced by the drug.",
        ),
        (
            "The drug reduced the risk of heart attacks by a third in patients over 65.",
            "The drug did not reduce the risk of stroke.",
            "The drug increased the risk of stroke by a third in patients over 65.",
            "The drug reduced the risk of stroke by a quarter in patients over 65.",
            "The drug reduced the risk of stroke by a third in patients under 65.",
            "The drug lowered the number of heart attacks.",
        ),
    ),
    (
        ("Kenya's Ruth Adero beat Spain's Maria Soler in the final in Doha on Sunday, winning 6-4, 7-5.",),
        (
            "In Sunday's final in Doha, Ruth Adero of Kenya defeated Maria Soler.",
            "Maria Soler of Spain lost the final to Ruth Adero, 6-4, 7-5.",
        ),
        (
            "Spain's Maria Soler beat Kenya's Ruth Adero in the final in Doha on Sunday.",
            "Ruth Adero lost to Maria Soler in the final in Doha.",
            "Ruth Adero beat Maria Soler in the final in Dubai on Sunday.",
            "Ruth Adero beat Maria Soler in the semi-final in Doha.",
            "Kenya's Ruth Adero beat Italy's Maria Soler in the final.",
        ),
    ),
    (
        ("Officials in Geneva declined to comment on the report, which was first published by the Tribune on 3 May 2022.",),
        (
            "The report, first published by the Tribune on May 3, 2022, drew no comment from officials in Geneva.",
            "Officials in Geneva would not comment on the report.",
            "The Tribune published the report first, on 3 May 2022.",
        ),
        (
            "Officials in Geneva commented on the report.",
            "The report was first published by the Tribune on 5 March 2022.",
            "The report was first published by officials in Geneva on 3 May 2022.",
            "The report was first published by the Herald on 3 May 2022.",
            "Officials in Vienna declined to comment on the report.",
        ),
    ),
    (
        (
            "Prime Minister Anna Lind warned Parliament on Monday that the budget deficit could reach 5% of output.",
            "She ruled out new taxes before the election.",
        ),
        (
            "The budget deficit might reach five percent of output, Prime Minister Anna Lind warned Parliament on Monday.",
            "Anna Lind ruled out new taxes before the election.",
            "On Monday Prime Minister Lind warned that the budget deficit could reach 5% of output, but she ruled out new taxes before the election.",
        ),
        (
            "Prime Minister Anna Lind promised new taxes before the election.",
            "Anna Lind ruled out new taxes after the election.",
            "Parliament warned Prime Minister Anna Lind on Monday that the budget deficit could reach 5% of output.",
            "The budget surplus could reach 5% of output, Anna Lind warned Parliament.",
            "Anna Lind ruled out new spending before the election.",
            "Anna Lind ruled out new taxes because the budget deficit could reach 5% of output.",
        ),
    ),
    (
        ("More than 300 firefighters from five countries fought the blaze, which destroyed 42 homes and killed at least three people.",),
        (
            "The fire killed three or more people and destroyed 42 homes.",
            "Over 300 firefighters from five countries battled the blaze.",
            "At least 3 people died in the blaze.",
        ),
        (
            "More than 300 firefighters from three countries fought the blaze, which destroyed 42 homes.",
            "The blaze destroyed at least three homes and killed 42 people.",
            "Fewer than 300 firefighters fought the blaze.",
            "The blaze destroyed 42 homes and killed no one.",
            "The blaze, which was started by a lightning strike, destroyed 42 homes.",
        ),
    ),
    (
        ("Germany accused Russia of a cyberattack on its parliament, a charge that Moscow rejected as baseless.",),
        (
            "Russia was accused by Germany of a cyberattack on the German parliament.",
            "Moscow rejected Germany's accusation of a cyberattack as baseless.",
        ),
        (
            "Russia accused Germany of a cyberattack on its parliament.",
            "Germany was accused by Russia of a cyberattack on its parliament.",
            "Moscow admitted a cyberattack on Germany's parliament.",
            "Germany accused China of a cyberattack on its parliament.",
            "Germany rejected the charge of a cyberattack as baseless.",
        ),
    ),
    (
        ("Lakeside University will admit 1,250 students this autumn, twice as many as in 2010, its president, Tom Okoro, said in a letter to staff.",),
        (
            "This autumn Lakeside University will admit 1,250 students, double the number of 2010.",
            "In a letter to staff, president Tom Okoro said that Lakeside University would admit 1,250 students this autumn.",
        ),
        (
            "Lakeside University will admit 1,250 students this autumn, three times as many as in 2010.",
            "Lakeside University will admit 1,520 students this autumn.",
            "Lakeside University will admit 1,250 students this autumn, half as many as in 2010.",
            "In a letter to students, its president said that Lakeside University would admit 1,250 staff.",
            "Lakeside University will expel 1,250 students this autumn.",
        ),
    ),
    (
        (
            "Orion Motors plans to close its plant in Gdansk by the end of 2025, with the loss of 2,400 jobs.",
            "Its factory in Lodz, which employs 1,100 people, will stay open.",
        ),
        (
            "2,400 jobs will go when Orion Motors closes its Gdansk plant, which it plans to do before 2026.",
            "The Lodz factory of Orion Motors employs 1,100 people and will not close.",
            "By the end of 2025 Orion Motors plans to shut its plant in Gdansk, while the one in Lodz stays open.",
        ),
        (
            "Orion Motors plans to close its plant in Lodz by the end of 2025.",
            "Orion Motors plans to close its plant in Gdansk by the end of 2026.",
            "The plant in Gdansk, which employs 1,100 people, will close.",
            "Its factory in Gdansk will stay open.",
            "Orion Motors plans to open a plant in Gdansk by the end of 2025.",
            "The factory in Lodz employs 2,400 people.",
        ),
    ),
    (
        ("Asked whether the army had fired first, General Idris Bello said only that an inquiry was under way.",),
        (
            "General Idris Bello said nothing except that an inquiry was under way when he was asked whether the army had fired first.",
            "An inquiry is under way, General Idris Bello said.",
        ),
        (
            "General Idris Bello said that the army had fired first.",
            "General Idris Bello denied that the army had fired first.",
            "General Idris Bello said that the inquiry was over.",
            "General Idris Bello said that the army had not fired first.",
        ),
    ),
    (
        ("The museum bought the painting for $2.5 million from a collector who had found it in an attic in Ohio, curator Lena Park said.",),
        (
            "For $2.5m the museum acquired the painting from a collector, according to curator Lena Park.",
            "The collector who sold the painting to the museum had found it in an attic in Ohio.",
        ),
        (
            "The museum sold the painting for $2.5 million to a collector who had found it in an attic.",
            "Curator Lena Park found the painting in an attic in Ohio.",
            "The museum bought the painting for $2.5 million from curator Lena Park.",
            "The museum bought the painting for $5.2 million.",
            "The museum found the painting in an attic in Ohio.",
        ),
    ),
    (
        ("Although the ceasefire has mostly held since Friday, aid groups say that little food is reaching the north of the city.",),
        (
            "Aid groups say that hardly any food reaches the city's north.",
            "Since Friday the ceasefire has largely held.",
        ),
        (
            "Aid groups say that plenty of food is reaching the north of the city.",
            "Aid groups say that little food is reaching the south of the city.",
            "The ceasefire has mostly failed since Friday.",
            "Although the ceasefire has not held since Friday, food is reaching the north of the city.",
            "Aid groups say that little medicine is reaching the north of the city.",
        ),
    ),
    (
        ("Brightwater hired Chloe Tan, formerly of Goldcrest, to replace Samuel Ortiz as finance director from 1 September.",),
        (
            "From September 1, Chloe Tan replaces Samuel Ortiz as Brightwater's finance director.",
            "Samuel Ortiz is being replaced by Chloe Tan, who used to be at Goldcrest.",
        ),
        (
            "Brightwater hired Samuel Ortiz to replace Chloe Tan as finance director.",
            "Chloe Tan is being replaced by Samuel Ortiz as finance director of Brightwater.",
            "Goldcrest hired Chloe Tan, formerly of Brightwater, as finance director.",
            "Brightwater hired Chloe Tan to replace Samuel Ortiz as marketing director.",
            "Brightwater fired Chloe Tan as finance director from 1 September.",
            "Brightwater hired Chloe Tan to replace Samuel Ortiz from 1 December.",
        ),
    ),
]
