print("binverify")
