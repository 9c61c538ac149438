"""Questions that stand by themselves: no word of them points at what came before."""

import pytest

from assistant.follow_ups.rewriting import leans

STANDING = """\
Did Trump say that he would meet Xi?
Is it likely that the talks succeed?
Was it Liu He who led the talks for China?
How long will it take to reach a deal?
And who led the talks for China?
But what did Mnuchin say about the tariffs?
Why does China say it needs more time?
Does the US think China keeps its promises?
What happens if there is no deal by March 1?
Are there any women in the delegation?
Is there a chance of a deal before March?
How many tariffs has Trump imposed so far?
What did the White House say about its trip to Beijing?
Who among the negotiators said they were hopeful?
Which senator said he feared a bad deal?
Did analysts think that China would give in to their demands?
What did the companies say they would do with their factories?
Who were the negotiators that met in Beijing?
What do economists think will happen to growth this year?
What did Liu He tell Trump when they met?
Did Xi write a letter that Trump praised, and what did it say?
How do Americans who work in steel see the tariffs that protect them?
Is it possible for China to buy more soybeans?
What makes it hard to verify that China keeps its word?
Who said it was a great day for trade?
When Trump and Xi met in Argentina, what did they agree on?
What did one side offer the other?
What did the Chinese vice premier say in his letter?
Who thinks that a deal is near?
What is known about that company called ZTE?
Did Lighthizer warn that those who steal secrets would be punished?
Who has said this week that the talks went well?
And is there a date for the meeting between Trump and Xi?
Is there something China must do before it gets a deal?
How does Trump describe the letter that Xi wrote to him?
What did the president promise the farmers who voted for him?
Which company has the most to lose from its ties with China?
Is it raining in London?
How is it going with the tariffs?
What time is it in Beijing?
Which one of the two Koreas did Trump visit?
Was there a joint statement?
Were there protests?
Did it help farmers that China bought soybeans?
What did it take to bring China to the table?
Why was it that talks broke down in May?
How is it that China exports so much?
What else did Trump say about China?
Who else led the talks for the US?
Has Trump met Xi before?
What did Trump threaten to do next?
What did Trump do in the week before the talks?
What about the talks in Beijing in January, did they fail?
What did the president say about his own tariffs?
Why did the minister change her mind?
Did the spokesman say when he would return?
What did the chief negotiator write in his letter to Trump?
How did the bank explain its forecast?
Why did the company move its plants?
Did farmers say they were hurt by the tariffs?
What did the analyst predict for her sector?
Which firms say that they will leave China?
Did the delegation extend its stay?
What does the Communist Party want for its members?
Who did Trump say he would send to Beijing?
What did the farmer from Iowa say about his soybeans?
Why do some economists think it is too late for a deal?
Why is it so hard to agree on intellectual property?
When will it be clear whether tariffs rise?
How likely is it that tariffs will rise in March?
Is it fair to say that China blinked?
Isn't it true that China stopped buying soybeans?
What is it like to work at Huawei?
What would it mean for China to give up subsidies?
Does it matter who signs the deal?
Did it surprise anybody that Meng was arrested?
Whose idea was it to arrest Meng?
Who was it that arrested Meng?
How long was it before China answered the tariffs?
How much did it cost Ford to stop exports?
How many rounds of talks have there been?
Who was there for the US when Trump met Liu He?
And what is ZTE?
And has Trump signed anything?
But is the US ready to lift the tariffs?
And why was Meng Wanzhou arrested?
And China's economy, how fast did it grow?
Name the two sides that met in Washington
who is liu he
Which products are on the list that Trump published?
Is this a trade war?
What did Trump say that Xi told him?
How does Lighthizer differ from Mnuchin in his view of China?
Which of the companies said their profits fell?
What are the risks for those who hold Chinese shares?
What do we know about the next meeting?
Do we know who will come to Beijing next?
When did the two sides start talking to each other?
Did the two countries resolve their differences?
Have the US and China settled their dispute?
Why did Washington and Beijing suspend their tariffs?
Did Washington accuse Beijing of stealing its secrets?
What did Beijing say about Washington's demands that it cut subsidies?
Why did the US say that it was penalizing ZTE?
When the delegation landed, what did it bring?
What did Lighthizer think of the promises that he was given?
Who told reporters that they had made progress?
Did Mnuchin and Lighthizer say what they expected?
What did Trump's advisers tell him about the deadline?
Why does Trump's team believe its tariffs work?
What is it that China wants most from Washington?
What was it that Trump called incredible?
Where is it that the next round takes place?
It is said that Boeing may gain: why?
Would it be wise to raise tariffs now?
Could it be that Huawei is the real reason?
Is it the US or China that buys more?
Is it known when the talks resume?
Was it expected that Liu He would come?
How come it is so cold in Chicago?
Has it been decided where Trump and Xi meet?
Has it ever happened that a tariff was refunded?
Who finds it hard to believe China?
Do farmers find it difficult to sell soybeans?
What made it possible for the talks to begin?
Does anyone doubt that there will be a deal?
How many are there in the Chinese delegation?
There is a letter from Xi: what does it ask for?
And what did Xi's letter to Trump say?
And how high are the tariffs on Chinese goods?
And then what did Trump do about Huawei?
But who speaks for the White House?
And did Trump agree with Lighthizer that China must change?
So did the Commerce Department change its mind about ZTE?
And what does Sarah Sanders say?
What else does the report say about farmers?
What about the car tariffs that Trump threatened the EU with?
How about ZTE, was it punished?
What does 'this' mean in Trump's tweet about China?
What did the man who founded Huawei say about his daughter?
What did the head of the Fed say that week in January 2019?
What did those who attended the talks eat?
Which ministers came with the vice premier, and what do they do?
Who is the one who signs for China?
What is the one thing that China refuses?
What did the other countries in Asia do?
Which other countries were hit by tariffs?
Who were the other members of the delegation?
Do other companies fear the same fate as ZTE?
Are the tariffs of 2018 the same as those of 2019?
At the same time, what did China do about imports?
What came before the truce in Argentina?
What happened before the talks?
What is planned for later this year?
When will the next talks take place?
When is the next meeting between Trump and Xi?
What will Trump do next week?
Why should Americans believe the promises they hear from China?
How can an importer know which tariff he has to pay?
What must a company do before it can sell in China?
If a firm wants to invest in China, must it share its technology?
Can a president set tariffs if he wants to?
What should a farmer do with soybeans that he cannot sell?
When a Chinese firm buys an American one, who must approve it?
How does a tariff work when it is paid at the border?
Do students who study Chinese find jobs after they graduate?
How do shops that sell Chinese goods pass on their costs?
Which of Trump's aides had his trust in the talks with China?
Did Apple say why its sales in China fell?
Has Caterpillar lowered its forecast because of China?
Did Nvidia blame China for its losses?
Whom did Canada arrest at the request of the US, and why did it do so?
Why did Canada say it had to arrest Meng?
Is Japan happy with its trade deal with the US?
How does South Korea protect its steel makers?
Why would India buy more oil if it has enough?
Does Britain have a trade deal of its own with China?
How did Huawei react when its CFO was arrested?
What did Meng's father say of her arrest?
Why would farmers who sell soybeans to China want their president to make a deal?
Which of the two sides said that it would not blink?
Does Trump want to see Xi before he decides?
What does Trump call the letter that Xi sent him?
What did Xi write in the letter that he sent Trump?
By when must the two sides agree if they want to avoid tariffs?
What has China done since it promised to buy soybeans?
If there's no deal, what happens to tariffs?
What does the US accuse China of doing to its companies?
Why do the markets care whether the talks succeed, and how did they react?
When the talks ended, who said they'd gone well?
What do the tariffs cover, and when do they start?
What was ZTE fined for what it did in Iran?
Why did the stock market fall when it heard of the arrest?
What will the US do on March 1 if it gets no deal?
What would China have to change for the US to lift its tariffs?
How does the Chinese government help its firms?
How did the Commerce Department change the ban that it had imposed?
Which goods will the tariffs hit when they rise?
Who told Trump that he should wait?
Who does Trump want with him at the talks?
What did Trump mean when he called himself a tariff man?
Why did Xi and Trump agree to a truce when they met in Argentina?
What did the two presidents agree at their dinner in Buenos Aires?
Which senators wrote to Trump, and what did they want?
What does Lighthizer want that Mnuchin does not?
How long is the truce that Trump and Xi agreed on?
Did the White House say that a deal was near, or was it China?
What's in it for China?
What's next for Huawei?
The tariffs that Trump wants: how high are they?
The letter from Xi: what does it say?
Which nation, the US or China, said it would keep its word?
What is the "Made in China 2025" plan, and why does the US dislike it?
And what about the talks that took place in Beijing in January?
And how does Europe see the trade war between the US and China?
But why would China agree to change its laws?
And in which city did the talks of January take place?
And at the talks in Beijing, who spoke for China?
So when does the truce end?
Who is Robert Lighthizer?
What is Huawei accused of?
When do the tariffs go up?
What does the trade war cost American farmers?
trade deficit with china 2018
huawei meng wanzhou arrest
tariffs soybeans
what is the deadline for the talks
Why did the US want structural changes?
What are structural changes?
How big is the deficit?
Who won the election in Brazil?
What is the capital of France?
What does the Chinese side want?
Do both sides still disagree?
Has either side made concessions?
Why did Meng Wanzhou's arrest upset China?
What was said about intellectual property?
What was announced after the talks?
How many people attended the talks in Washington?
What would happen to tariffs after the deadline?
How much soy did China promise to buy?
Which of the two sides gave in first?
How much more will the talks need?
""".splitlines()


@pytest.mark.parametrize("question", STANDING)
def test_a_question_that_says_all_that_it_means_stands_by_itself(question: str) -> None:
    assert not leans(question)
