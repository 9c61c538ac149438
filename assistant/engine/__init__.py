"""The assistant in a process of its own, for front ends whose loop must never stall or fall.

Loading models, searching and indexing keep Python's lock for tenths of a second, and a damaged vector store can
end the process that opens it. So a front end talks to another process over pipes, which answers; and indexing is
done by one more, so that questions can be asked meanwhile.
"""
